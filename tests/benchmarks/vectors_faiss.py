"""vectors_faiss.py BASE.fbin QUERIES.fbin METRIC: FAISS's HNSW of the same settings, in one thread."""

import sys
import time

import faiss
import numpy

LINKS, EF_CONSTRUCTION, K = 16, 200, 10
EFFORTS = (10, 15, 20, 30, 40, 60, 80, 120, 160, 240, 320, 480, 640)


def read(path, unit):
    with open(path, "rb") as file:
        rows, dimensions = numpy.fromfile(file, "<i4", 2)
        vectors = numpy.fromfile(file, "<f4").reshape(rows, dimensions)
    if unit:
        vectors /= numpy.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def main(base, queries, metric):
    faiss.omp_set_num_threads(1)
    unit = metric == "COSINE"
    kind = faiss.METRIC_INNER_PRODUCT if unit else faiss.METRIC_L2
    rows, asked = read(base, unit), read(queries, unit)
    exact = faiss.IndexFlat(rows.shape[1], kind)
    exact.add(rows)
    _, nearest = exact.search(asked, K)
    index = faiss.IndexHNSWFlat(rows.shape[1], LINKS, kind)
    index.hnsw.efConstruction = EF_CONSTRUCTION
    before = time.process_time()
    index.add(rows)
    print(f"FAISS    build {time.process_time() - before:.1f} s of CPU")
    recalls = [0.95, 0.99]
    for effort in EFFORTS:
        index.hnsw.efSearch = effort
        best = 0
        for _ in range(5):
            before = time.process_time()
            _, found = index.search(asked, K)
            best = max(best, len(asked) / (time.process_time() - before))
        recall = sum(len(set(a) & set(b)) for a, b in zip(found, nearest)) / nearest.size
        if recalls and recall >= recalls[0]:
            print(f"FAISS    ef {effort:3d}: recall@10 {recall:.4f}, {best:6.0f} searches/s")
        while recalls and recall >= recalls[0]:
            recalls.pop(0)


main(*sys.argv[1:])
