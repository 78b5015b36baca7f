package io.datapunk.vectors.index;

import java.util.List;

class ListsFormatTest extends ShardFormatContract {
    @Override
    ShardFormat format() {
        return new ListsFormat(100);
    }

    @Override
    int effort() {
        return 40;
    }

    @Override
    List<String> files() {
        return List.of("lists");
    }
}
