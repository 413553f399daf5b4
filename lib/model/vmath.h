/*
 * vmath.h - exp and log of a float, alone and four at a time, with the same bits
 * on every machine, which those of libm are not.
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

/* Four floats: a register of every 64-bit machine.  The operations are elementwise. */
typedef float nli_v4 __attribute__((vector_size(16)));
typedef int32_t nli_v4i __attribute__((vector_size(16)));

static inline nli_v4 nli_splat4(float x)
{
	return (nli_v4){ x, x, x, x };
}

/* a where the mask is all ones, b where it is 0. */
static inline nli_v4 nli_pick4(nli_v4i mask, nli_v4 a, nli_v4 b)
{
	return (nli_v4)((mask & (nli_v4i)a) | (~mask & (nli_v4i)b));
}

static inline nli_v4 nli_max4(nli_v4 a, nli_v4 b)
{
	return nli_pick4(a > b, a, b);
}

static inline nli_v4 nli_min4(nli_v4 a, nli_v4 b)
{
	return nli_pick4(a < b, a, b);
}

/* As nli_expf(). */
static inline nli_v4 nli_exp4(nli_v4 x)
{
	nli_v4 n, r, y;

	x = nli_min4(nli_max4(x, nli_splat4(-87.0f)), nli_splat4(88.0f));
	n = (x * 1.44269504088896341f + 12582912.0f) - 12582912.0f;
	r = x - n * 0.693359375f;
	r = r - n * -2.12194440e-4f;
	y = nli_splat4(1.9875691500e-4f);
	y = y * r + 1.3981999507e-3f;
	y = y * r + 8.3334519073e-3f;
	y = y * r + 4.1665795894e-2f;
	y = y * r + 1.6666665459e-1f;
	y = y * r + 5.0000001201e-1f;
	y = y * r * r + r + 1.0f;
	return y * (nli_v4)((__builtin_convertvector(n, nli_v4i) + 127) << 23);
}

/* As nli_logf(). */
static inline nli_v4 nli_log4(nli_v4 x)
{
	nli_v4i bits, e;
	nli_v4 m, z, y, f;

	bits = (nli_v4i)nli_max4(x, nli_splat4(1.17549435e-38f));
	e = (bits - 0x3f3504f3) >> 23;
	m = (nli_v4)(bits - (e << 23)) - 1.0f;
	f = __builtin_convertvector(e, nli_v4);
	z = m * m;
	y = nli_splat4(7.0376836292e-2f);
	y = y * m - 1.1514610310e-1f;
	y = y * m + 1.1676998740e-1f;
	y = y * m - 1.2420140846e-1f;
	y = y * m + 1.4249322787e-1f;
	y = y * m - 1.6668057665e-1f;
	y = y * m + 2.0000714765e-1f;
	y = y * m - 2.4999993993e-1f;
	y = y * m + 3.3333331174e-1f;
	y = y * m * z;
	y = y + f * -2.12194440e-4f;
	y = y - 0.5f * z;
	return m + y + f * 0.693359375f;
}

#endif
