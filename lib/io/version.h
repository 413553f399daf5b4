/* version.h - one version for the suite. */
#ifndef NLI_IO_VERSION_H
#define NLI_IO_VERSION_H

#define NLI_VERSION "0.1.0"

#endif
