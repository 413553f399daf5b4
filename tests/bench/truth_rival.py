"""truth_rival.py FILE ITERATIONS - Dawid-Skene as crowd-kit runs it: pandas joins
and group-bys on a frame of task, worker, label.  For the benchmark alone."""
import sys
import time

import numpy as np
import pandas as pd

EPS = 1e-10


def m_step(data, probas):
    joined = data.join(probas, on="task").drop(columns=["task"])
    errors = joined.groupby(["worker", "label"], sort=False).sum()
    errors.clip(lower=EPS, inplace=True)
    return errors / errors.groupby("worker", sort=False).sum()


def e_step(data, priors, errors):
    joined = data.join(np.log2(errors), on=["worker", "label"])
    joined = joined.drop(columns=["worker", "label"])
    score = np.log2(priors) + joined.groupby("task", sort=False).sum()
    score = np.exp2(score.sub(score.max(axis=1), axis=0))
    return score.div(score.sum(axis=1), axis=0)


data = pd.read_csv(sys.argv[1])
data.columns = ["task", "worker", "label"]
start = time.process_time()
counts = data.groupby(["task", "label"], sort=False).size().unstack(fill_value=0)
probas = counts.div(counts.sum(axis=1), axis=0)
priors, errors = probas.mean(), m_step(data, probas)
for _ in range(int(sys.argv[2])):
    probas = e_step(data, priors, errors)
    priors, errors = probas.mean(), m_step(data, probas)
    # crowd-kit's stopping rule needs the evidence, which costs another join.
    joined = data.join(np.log(errors), on=["worker", "label"])
    joined.loc[:, priors.index] = joined.loc[:, priors.index].add(np.log(priors))
    joined.set_index(["task", "worker"], inplace=True)
    (probas * joined.drop(columns="label")).sum().sum()
print("%.2f s of them without reading" % (time.process_time() - start), file=sys.stderr)
