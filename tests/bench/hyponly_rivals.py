"""Rival hypothesis-only classifiers on the records and folds of nli-hyponly.

usage: hyponly_rivals.py SCORED [TRAIN]

SCORED is what nli-hyponly wrote: it has our prediction of every record and the
fold that it was held out in.  With TRAIN the rivals train on that file and predict
SCORED.  All see the same tokens: lower case, \\w+|[^\\w\\s].  liblinear and
scikit-learn take words and pairs of words that are in at least two records, as
presence; each chooses its C, and fastText its settings, by 3 folds of the training
records alone, by group.  Of a choice item each option is a text, whose label is
whether it is the answer; the likeliest option is the prediction.  fastText hashes pairs into 200,000 buckets, not 2,000,000:
of ten thousand records few collide, and it starts ten times sooner.

Prints a tab-separated row a rival: n, majority, its accuracy, ours, the difference
with its 95 % interval, p of McNemar's exact test.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import warnings

import numpy as np
from scipy.stats import binomtest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

warnings.filterwarnings("ignore")
TOKEN = re.compile(r"\w+|[^\w\s]")
C = [0.03, 0.1, 0.3, 1, 3]
FASTTEXT = [["-wordNgrams", "2"], ["-wordNgrams", "2", "-lr", ".5", "-epoch", "25"]]


def read(path):
    with open(path, encoding="utf-8") as f:
        records = [json.loads(line) for line in f]
    return [r for r in records if r.get("label") is not None and r.get("hypothesis") is not None
            or r.get("answer") is not None]


def words(text):
    return " ".join(TOKEN.findall(text.lower()))


def group(r):
    return r.get("group") or r.get("premise") or r["id"]


def fasttext(option):
    def fit(text, y, held):
        with tempfile.TemporaryDirectory() as d:
            with open(d + "/train", "w", encoding="utf-8") as f:
                f.writelines("__label__%d %s\n" % (c, t) for t, c in zip(text, y))
            with open(d + "/held", "w", encoding="utf-8") as f:
                f.writelines(t + "\n" for t in held)
            subprocess.run(["fasttext", "supervised", "-input", d + "/train", "-output",
                            d + "/m", "-thread", "1", "-bucket", "200000"] + option,
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            out = subprocess.run(["fasttext", "predict-prob", d + "/m.bin", d + "/held", "-1"],
                                 check=True, stdout=subprocess.PIPE).stdout.decode().splitlines()
        assert len(out) == len(held), (len(out), len(held))
        # An empty line gets no label: that is the majority's.
        p = np.tile(np.bincount(y, minlength=y.max() + 1) * 1e-9, (len(held), 1))
        for i, line in enumerate(out):
            pairs = line.split()
            for name, v in zip(pairs[::2], pairs[1::2]):
                p[i, int(name[9:])] = float(v)
        return p
    return fit


def matrix(text, held):
    v = CountVectorizer(ngram_range=(1, 2), binary=True, min_df=2, lowercase=False,
                        token_pattern=r"\S+")
    return v.fit_transform(text).astype(np.float64), v.transform(held).astype(np.float64)


def sklearn(c):
    def fit(text, y, held):
        x, h = matrix(text, held)
        return LogisticRegression(C=c, max_iter=300).fit(x, y).predict_proba(h)
    return fit


def write_svm(path, x, y):
    with open(path, "w") as f:
        for i in range(x.shape[0]):
            j = np.sort(x.indices[x.indptr[i]:x.indptr[i + 1]])
            f.write("%d %s\n" % (y[i], " ".join("%d:1" % (k + 1) for k in j)))


def liblinear(c):
    def fit(text, y, held):
        x, h = matrix(text, held)
        with tempfile.TemporaryDirectory() as d:
            write_svm(d + "/train", x, y)
            write_svm(d + "/held", h, np.zeros(h.shape[0], int))
            subprocess.run(["liblinear-train", "-q", "-s", "0", "-B", "1", "-c", str(c),
                            d + "/train", d + "/m"], check=True, stdout=subprocess.DEVNULL)
            subprocess.run(["liblinear-predict", "-b", "1", d + "/held", d + "/m", d + "/out"],
                           check=True, stdout=subprocess.DEVNULL)
            with open(d + "/out") as f:
                order = [int(c) for c in f.readline().split()[1:]]
            out = np.loadtxt(d + "/out", skiprows=1, ndmin=2)[:, 1:]
            p = np.zeros((len(out), y.max() + 1))
            p[:, order] = out
            return p
    return fit


RIVALS = [("fastText", [fasttext(o) for o in FASTTEXT]),
          ("liblinear", [liblinear(c) for c in C]),
          ("scikit-learn", [sklearn(c) for c in C])]


def tuned(candidates, text, y, groups, held):
    """The candidate that is best on 3 folds of the training part, fitted to all of it."""
    text = np.array(text, dtype=object)
    # As numbers: numpy gives each of an array of strings the room of the longest.
    number = {g: i for i, g in enumerate(dict.fromkeys(groups))}
    groups = [number[g] for g in groups]
    hits = np.zeros(len(candidates))
    for a, b in GroupKFold(min(3, len(set(groups)))).split(text, y, groups):
        for k, fit in enumerate(candidates):
            hits[k] += (fit(text[a], y[a], text[b]).argmax(1) == y[b]).sum()
    return candidates[int(hits.argmax())](text, y, list(held))


def options(records):
    """Texts of all options, whether each is the answer, its group, the options of each."""
    text = [words(c) for r in records for c in r["choices"]]
    y = np.array([int(i == r["answer"]) for r in records for i in range(len(r["choices"]))])
    return text, y, [group(r) for r in records for _ in r["choices"]], [len(r["choices"]) for r in records]


def choose(candidates, train, scored):
    text, y, groups, _ = options(train)
    held, _, _, n = options(scored)
    p = tuned(candidates, text, y, groups, held)[:, 1]
    return np.array([part.argmax() for part in np.split(p, np.cumsum(n)[:-1])])


def main():
    scored = read(sys.argv[1])
    train = read(sys.argv[2]) if len(sys.argv) > 2 else None
    choice = scored[0]["task"] == "choice"
    if choice:
        y = np.array([r["answer"] for r in scored])
        ours = np.array([int(r["hyponly"]["pred"]) for r in scored])
    else:
        names = sorted({r["label"] for r in scored + (train or [])})
        number = {c: i for i, c in enumerate(names)}
        y = np.array([number[r["label"]] for r in scored])
        ours = np.array([number.get(r["hyponly"]["pred"], -1) for r in scored])
        text = np.array([words(r["hypothesis"]) for r in scored], dtype=object)
    fold = np.array([0 if train else r["hyponly"]["fold"] for r in scored])
    majority = np.bincount(y).max() / len(y)
    for name, candidates in RIVALS:
        pred = np.zeros(len(y), int)
        for f in sorted(set(fold)):
            held = fold == f
            learn = train or [r for r, h in zip(scored, held) if not h]
            if choice:
                pred[held] = choose(candidates, learn, [r for r, h in zip(scored, held) if h])
            else:
                pred[held] = tuned(candidates, [words(r["hypothesis"]) for r in learn],
                                   np.array([number[r["label"]] for r in learn]),
                                   [group(r) for r in learn], text[held]).argmax(1)
        a, b = int(((ours == y) & (pred != y)).sum()), int(((ours != y) & (pred == y)).sum())
        # McNemar's exact test; the interval of the paired difference is Wald's.
        p = binomtest(a, a + b).pvalue if a + b else 1
        d = (a - b) / len(y)
        half = 1.96 * ((a + b) / len(y) - d * d) ** .5 / len(y) ** .5
        print("%s\t%d\t%.1f\t%.1f\t%.1f\t%+.1f [%+.1f, %+.1f]\t%.3f" % (
            name, len(y), 100 * majority, 100 * (pred == y).mean(),
            100 * (ours == y).mean(), 100 * d, 100 * (d - half), 100 * (d + half), p),
            flush=True)


main()
