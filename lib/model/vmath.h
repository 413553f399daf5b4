/*
 * vmath.h - exp and log of a float in plain C: the loops that call them become
 * vector code, and the bits are the same on every machine, which those of libm
 * are not.
 *
 * Cephes' expf and logf (S. Moshier, 1992): Cody-Waite reduction and a
 * polynomial; the error is below 2 units in the last place of a float.
 */
#ifndef NLI_MODEL_VMATH_H
#define NLI_MODEL_VMATH_H

#include <stdint.h>
#include <string.h>

static inline float nli_float_of_bits(int32_t i)
{
	float f;

	memcpy(&f, &i, sizeof(f));
	return f;
}

static inline int32_t nli_bits_of_float(float f)
{
	int32_t i;

	memcpy(&i, &f, sizeof(i));
	return i;
}

/* e^x; x is held to [-87, 88], where the result is a normal float. */
static inline float nli_expf(float x)
{
	float n, r, y;

	x = x < -87.0f ? -87.0f : x;
	x = x > 88.0f ? 88.0f : x;
	n = x * 1.44269504088896341f;
	/* Adding and taking away 1.5 * 2^23 rounds to the nearest integer. */
	n = (n + 12582912.0f) - 12582912.0f;
	r = x - n * 0.693359375f;
	r = r - n * -2.12194440e-4f;
	y = 1.9875691500e-4f;
	y = y * r + 1.3981999507e-3f;
	y = y * r + 8.3334519073e-3f;
	y = y * r + 4.1665795894e-2f;
	y = y * r + 1.6666665459e-1f;
	y = y * r + 5.0000001201e-1f;
	y = y * r * r + r + 1.0f;
	return y * nli_float_of_bits(((int32_t)n + 127) << 23);
}

/* Natural logarithm of x > 0, normal; smaller ones count as the smallest normal. */
static inline float nli_logf(float x)
{
	int32_t bits, e;
	float m, z, y;

	x = x < 1.17549435e-38f ? 1.17549435e-38f : x;
	bits = nli_bits_of_float(x);
	/* m in [sqrt(1/2), sqrt(2)): the exponent is taken off around sqrt(1/2). */
	e = (bits - 0x3f3504f3) >> 23;
	m = nli_float_of_bits(bits - (int32_t)((uint32_t)e << 23)) - 1.0f;
	z = m * m;
	y = 7.0376836292e-2f;
	y = y * m - 1.1514610310e-1f;
	y = y * m + 1.1676998740e-1f;
	y = y * m - 1.2420140846e-1f;
	y = y * m + 1.4249322787e-1f;
	y = y * m - 1.6668057665e-1f;
	y = y * m + 2.0000714765e-1f;
	y = y * m - 2.4999993993e-1f;
	y = y * m + 3.3333331174e-1f;
	y = y * m * z;
	y = y + (float)e * -2.12194440e-4f;
	y = y - 0.5f * z;
	return m + y + (float)e * 0.693359375f;
}

#endif
