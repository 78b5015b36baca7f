"""Writes base and queries of a public set of vectors as .fbin: the number of vectors, of dimensions, and floats.

vectors_data.py fashion TRAIN-IMAGES.gz TEST-IMAGES.gz FOLDER    60,000 images of 784 dots, and 1,000 queries
vectors_data.py glove EMBEDDINGS.json ROWS FOLDER                so many words of 100 dimensions, and the 1,000 that follow
"""

import gzip
import json
import sys

import numpy

QUERIES = 1000


def write(path, vectors):
    with open(path, "wb") as file:
        numpy.array(vectors.shape, "<i4").tofile(file)
        vectors.astype("<f4").tofile(file)


def images(path):
    with gzip.open(path) as file:
        head = numpy.frombuffer(file.read(16), ">i4")
        return numpy.frombuffer(file.read(), "u1").reshape(head[1], -1)


def main(kind, *arguments):
    if kind == "fashion":
        train, test, folder = arguments
        base, queries = images(train), images(test)[:QUERIES]
    else:
        source, rows, folder = arguments
        with open(source, encoding="utf-8") as file:
            words = json.load(file)["vectors"]
        # What follows the hundred is not part of the vector.
        vectors = numpy.array([vector[:100] for vector in words.values()][: int(rows) + QUERIES], "f4")
        base, queries = vectors[:-QUERIES], vectors[-QUERIES:]
    write(f"{folder}/{kind}.fbin", base)
    write(f"{folder}/{kind}.queries.fbin", queries)


main(*sys.argv[1:])
