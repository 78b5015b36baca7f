package io.datapunk.vectors.embed;

class WordsModelTest extends TextEncoderContract {
    @Override
    TextEncoder encoder() {
        return new WordsModel("1", text -> {}).open(1);
    }

    @Override
    double tolerance() {
        return 1e-6;
    }
}
