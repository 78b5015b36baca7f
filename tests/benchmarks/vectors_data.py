"""Writes base and queries of a public set of vectors as .fbin: the number of vectors, of dimensions, and floats.

vectors_data.py fashion TRAIN-IMAGES.gz TEST-IMAGES.gz FOLDER    60,000 images of 784 dots, and 1,000 queries
vectors_data.py glove EMBEDDINGS.json ROWS FOLDER                so many words of 100 dimensions, and the 1,000 that follow
vectors_data.py sentences WORDNET FOLDER <TRANSLATION-EN         no vectors: texts of a Debian translation file and of WordNet, a line each
vectors_data.py split VECTORS.fbin ROWS FOLDER                   so many of them, and the 1,000 that follow
"""

import gzip
import itertools
import json
import re
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


def descriptions(lines):
    """The sentences of what packages say of themselves."""
    paragraph = []

    def end():
        sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z])", " ".join(paragraph))
        paragraph.clear()
        return [sentence for sentence in sentences if sentence.endswith((".", "!", "?"))]

    for line in lines:
        # " ." ends a paragraph; two spaces stand before what is no prose; " * " begins an item of a list.
        if not line.startswith(" ") or line.startswith((" .", "  ")):
            yield from end()
        else:
            if re.match(r" [*-] ", line):
                yield from end()
            paragraph.append(re.sub(r"^[*-] ", "", line.strip()))
    yield from end()


def glosses(folder):
    """What words mean, and sentences that use them."""
    for kind in ("noun", "verb", "adj", "adv"):
        with open(f"{folder}/data.{kind}", encoding="utf-8") as file:
            for line in file:
                _, _, gloss = line.partition(" | ")
                yield gloss.partition('; "')[0].strip()
                yield from re.findall(r'"([^"]*)"', gloss)


def main(kind, *arguments):
    if kind == "sentences":
        wordnet, folder = arguments
        texts = itertools.chain(descriptions(sys.stdin), glosses(wordnet))
        with open(f"{folder}/sentences.txt", "w", encoding="utf-8") as file:
            file.writelines(text + "\n" for text in dict.fromkeys(texts) if len(text) >= 30)
        return
    if kind == "fashion":
        train, test, folder = arguments
        base, queries = images(train), images(test)[:QUERIES]
    elif kind == "split":
        source, rows, folder = arguments
        kind = "sentences"
        shape = numpy.fromfile(source, "<i4", 2)
        vectors = numpy.fromfile(source, "<f4", offset=8).reshape(shape)
        vectors = vectors[: int(rows) + QUERIES]
        base, queries = vectors[:-QUERIES], vectors[-QUERIES:]
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
