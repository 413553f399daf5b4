# ties.py - what drawing ties at random does to PM, CATD and Wawa: the lowest and the
# highest accuracy of N runs, by their papers' steps written once more, in Python.
#
#	usage: ties.py METHOD N ANSWERS TRUTH
#
# PM and CATD as the VLDB 2017 survey ran them (facts: papers.md, 5): majority vote,
# then 10 or 100 turns of weights from errors and votes by weight; CATD's chi-square
# is the quantile of alpha/2 = .025, to two decimals up to 30 labels, and
# (z + sqrt(2n - 1))^2 / 2 above.
import csv, math, random, sys

CHI2 = [0, .001, .05, .22, .48, .83, 1.24, 1.69, 2.18, 2.7, 3.25, 3.82, 4.4, 5.01, 5.63,
        6.26, 6.91, 7.56, 8.23, 8.91, 9.59, 10.28, 10.98, 11.69, 12.4, 13.12, 13.84,
        14.57, 15.31, 16.05, 16.79]
Z = -1.959963985


def vote(items, weight, rng):
    truth = {}
    for item, said in items.items():
        sums = {}
        for worker, label in said:
            sums[label] = sums.get(label, 0) + weight[worker]
        most = max(sums.values())
        truth[item] = rng.choice([k for k, v in sums.items() if v == most])
    return truth


def weights(method, rows, truth):
    n, errors = {}, {}
    for item, worker, label in rows:
        n[worker] = n.get(worker, 0) + 1
        errors[worker] = errors.get(worker, 0) + (truth[item] != label)
    if method == "wawa":
        return {w: 1 - errors[w] / n[w] for w in n}
    if method == "pm":
        errors = {w: e or 1e-8 for w, e in errors.items()}
        most = max(errors.values())
        return {w: -math.log(e / most + 1e-7) + 1e-7 for w, e in errors.items()}
    chi2 = lambda k: CHI2[k] if k <= 30 else .5 * (Z + math.sqrt(2 * k - 1)) ** 2
    return {w: chi2(n[w]) / (errors[w] + 1e-9) for w in n}


def table(path):
    with open(path, newline="") as f:
        return [[c.strip() for c in row] for row in csv.reader(f)][1:]


def main(method, runs, answers, truth):
    rows, gold, items = table(answers), dict(table(truth)), {}
    for item, worker, label in rows:
        items.setdefault(item, []).append((worker, label))
    scores = []
    for seed in range(int(runs)):
        rng = random.Random(seed)
        found = vote(items, {w: 1 for _, w, _ in rows}, rng)
        for _ in range({"wawa": 1, "pm": 10, "catd": 100}[method]):
            found = vote(items, weights(method, rows, found), rng)
        scores.append(sum(found[i] == t for i, t in gold.items() if i in found) /
                      sum(i in found for i in gold))
    print("%.6f %.6f" % (min(scores), max(scores)))


main(*sys.argv[1:])
