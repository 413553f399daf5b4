/* methods.h - the methods, each in the file of its name; fit.c lists them. */
#ifndef NLI_CROWD_METHODS_H
#define NLI_CROWD_METHODS_H

#include "lib/crowd/fit.h"

extern const struct nli_crowd_method nli_crowd_mv, nli_crowd_wmv;     /* majority.c */
extern const struct nli_crowd_method nli_crowd_wawa, nli_crowd_zbs;   /* wawa.c */
extern const struct nli_crowd_method nli_crowd_onecoin, nli_crowd_zc, /* onecoin.c */
	nli_crowd_zencrowd;
extern const struct nli_crowd_method nli_crowd_ds, nli_crowd_ds_ck, /* ds.c */
	nli_crowd_em, nli_crowd_lfc, nli_crowd_fds, nli_crowd_hybrid;
extern const struct nli_crowd_method nli_crowd_glad;
extern const struct nli_crowd_method nli_crowd_mace;
extern const struct nli_crowd_method nli_crowd_pm, nli_crowd_catd; /* crh.c */
extern const struct nli_crowd_method nli_crowd_kos;
extern const struct nli_crowd_method nli_crowd_bwa;
extern const struct nli_crowd_method nli_crowd_ibcc, nli_crowd_hbcc;
extern const struct nli_crowd_method nli_crowd_ebcc, nli_crowd_hebcc;
extern const struct nli_crowd_method nli_crowd_minimax;
extern const struct nli_crowd_method nli_crowd_mmsr;
extern const struct nli_crowd_method nli_crowd_best_worker, nli_crowd_logit,
	nli_crowd_wlogit;                                               /* lm.c */
extern const struct nli_crowd_method nli_crowd_snli, nli_crowd_indonli; /* protocol.c */

#endif
