package io.datapunk.vectors.search;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.LakePersons;
import io.datapunk.lake.index.IndexManifest;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.Stores;
import io.datapunk.vectors.embed.OnnxModel;
import io.datapunk.vectors.embed.RowText;
import io.datapunk.vectors.embed.TextEncoder;
import io.datapunk.vectors.embed.TextVectors;
import io.datapunk.vectors.shard.RowFilter;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Looks for rows that mean what a text says, in the indexes that were published; starts no Spark. */
public final class SearchJob {
    private final LakeConfig config;
    private final LakeHome home;
    private final Configuration stores;

    public SearchJob(LakeConfig config, LakeHome home) {
        this.config = config;
        this.home = home;
        this.stores = Stores.configuration(config);
    }

    /**
     * What is looked for.
     *
     * @param collections empty: all that are enabled and have an index over texts
     * @param user whose rows, by the name that the lake knows; empty: everybody's
     * @param attributes that rows have to have, by the source's column
     * @param words whether rows come up that have the text's words, too
     * @param threshold instead of the collections' own
     */
    public record Request(
            String text,
            List<String> collections,
            int most,
            Optional<String> user,
            Optional<Instant> from,
            Optional<Instant> to,
            Map<String, String> attributes,
            boolean words,
            Optional<Double> threshold) {
        public Request {
            collections = List.copyOf(collections);
            attributes = Map.copyOf(attributes);
        }
    }

    /**
     * What was found.
     *
     * @param collections that were searched
     * @param hits the best first
     */
    public record Report(List<String> collections, List<Hit> hits) {}

    /** @throws LakeException where a collection has no index, or one of another model */
    public Report run(Request request) {
        List<CollectionConfig> collections = collections(request);
        RowFilter filter = new RowFilter(
                request.user().map(new LakePersons(home, stores)::surrogate),
                request.from(),
                request.to(),
                request.attributes());
        OnnxModel model = OnnxModel.of(config.vectors());
        List<float[]> vectors;
        try (TextEncoder encoder = model.open(Runtime.getRuntime().availableProcessors())) {
            vectors = TextVectors.of(
                    encoder,
                    collections.stream()
                            .map(collection -> RowText.asked(
                                    request.text(), collection.text().size()))
                            .toList());
        }
        List<Hit> hits = new ArrayList<>();
        for (int i = 0; i < vectors.size(); i++) {
            CollectionConfig collection = collections.get(i);
            IndexStore store = IndexStore.of(home, stores, collection.name());
            try (CollectionIndex index = CollectionIndex.open(store, collection.index())) {
                requireModel(index.manifest(), model);
                hits.addAll(index.searcher(filter)
                        .search(new Query(
                                vectors.get(i),
                                request.most(),
                                request.words() ? Optional.of(request.text()) : Optional.empty(),
                                request.threshold().or(collection::scoreThreshold))));
            } catch (IOException e) {
                throw LakeException.failed(
                        "the index of collection " + collection.name() + " cannot be searched",
                        e.getClass().getSimpleName() + ": " + e.getMessage(),
                        "`lake vectors build " + collection.name() + "` finds what is damaged, and builds it anew",
                        e);
            }
        }
        if (collections.size() > 1) {
            // Each is in its own order, which words may have changed; only nearness is comparable between them.
            hits.sort(Comparator.comparingDouble(Hit::score).reversed());
        }
        return new Report(
                collections.stream().map(CollectionConfig::name).toList(),
                hits.subList(0, Math.min(request.most(), hits.size())));
    }

    private List<CollectionConfig> collections(Request request) {
        if (!request.collections().isEmpty()) {
            return request.collections().stream().map(this::named).toList();
        }
        List<CollectionConfig> built = config.vectors().collections().values().stream()
                .filter(collection ->
                        collection.enabled() && collection.vector().isEmpty())
                .filter(collection ->
                        IndexStore.of(home, stores, collection.name()).current().isPresent())
                .toList();
        if (built.isEmpty()) {
            throw LakeException.usage(
                    "there is nothing to search",
                    "no collection of texts has an index",
                    "make one with `lake vectors embed` and `lake vectors build`");
        }
        return built;
    }

    private CollectionConfig named(String name) {
        CollectionConfig collection = config.vectors().require(name);
        if (collection.vector().isPresent()) {
            throw LakeException.usage(
                    "collection " + name + " cannot be searched for a text",
                    "its vectors come from elsewhere (column "
                            + collection.vector().get() + ")",
                    "name a collection that is made of texts");
        }
        return collection;
    }

    private static void requireModel(IndexManifest index, OnnxModel model) {
        if (index.rows() > 0 && !index.modelVersion().equals(model.version())) {
            throw LakeException.usage(
                    "collection " + index.collection() + " is of another model",
                    "its vectors come from " + index.model() + " " + index.modelVersion()
                            + ", and lake.vectors.model is " + model.name() + " " + model.version(),
                    "`lake vectors embed` and `lake vectors build` make it anew");
        }
    }
}
