package io.datapunk.cli;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.index.IndexManifest;
import io.datapunk.lake.index.IndexShard;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.lake.manifest.Finding;
import io.datapunk.lake.storage.Stores;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Every shard of the published vector indexes against its manifest. */
final class IndexesCheck implements DeepCheck {
    @Override
    public Result run(Invocation invocation) {
        LakeHome home = LakeHome.of(invocation.config());
        Configuration stores = Stores.configuration(invocation.config());
        List<Finding> findings = new ArrayList<>();
        int shards = 0;
        for (String collection : IndexStore.collections(home, stores)) {
            IndexStore store = IndexStore.of(home, stores, collection);
            List<IndexShard> published =
                    store.current().map(IndexManifest::shards).orElse(List.of());
            for (IndexShard shard : published) {
                store.damages(shard)
                        .forEach(damage -> findings.add(new Finding(
                                Finding.Kind.INDEX,
                                "collection " + collection,
                                "shard " + shard.id(),
                                damage,
                                "",
                                "`lake vectors build " + collection + "`, which builds its rows anew")));
            }
            shards += published.size();
        }
        return new Result(Amounts.of(shards, "shards of vector indexes"), findings, List.of());
    }
}
