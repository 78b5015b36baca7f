package io.datapunk.analytics;

import io.datapunk.analytics.activity.ActivityDaily;
import io.datapunk.analytics.activity.Ranking;
import io.datapunk.analytics.activity.Sessions;
import io.datapunk.analytics.activity.TimeProfile;
import io.datapunk.analytics.communication.Communication;
import io.datapunk.analytics.location.Movements;
import io.datapunk.analytics.location.Places;
import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.series.Rollup;
import io.datapunk.analytics.series.Trends;
import io.datapunk.analytics.usage.DatasetUsage;
import io.datapunk.analytics.usage.HotSpots;
import io.datapunk.lake.config.AnalyticsConfig;
import io.datapunk.lake.model.LakeException;
import java.util.List;

/** The catalogue of what is published. */
public final class PublishedTables {
    private PublishedTables() {}

    /** All of them; one that is computed of another stands behind it. */
    public static List<PublishedTable> all(AnalyticsConfig config) {
        return List.of(
                new ActivityDaily(),
                new Sessions(config.sessionGap()),
                Ranking.domains(config.most()),
                Ranking.channels(config.most()),
                Ranking.artists(config.most()),
                new TimeProfile(),
                new Communication(),
                Movements.stays(config.stayRadius(), config.stayDuration(), config.staySilence()),
                Movements.trips(config.stayRadius(), config.stayDuration(), config.staySilence()),
                new Places(config.placeRadius()),
                Rollup.hourly(),
                Rollup.daily(),
                new Trends(),
                new DatasetUsage(),
                new HotSpots(config.most()));
    }

    /**
     * Some of them, in the order in which they are computed.
     *
     * @param names as {@code analytics.sessions}; empty: all
     * @throws LakeException (usage) where one does not exist
     */
    public static List<PublishedTable> named(AnalyticsConfig config, List<String> names) {
        List<PublishedTable> all = all(config);
        List<String> known = all.stream().map(PublishedTables::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw LakeException.usage(
                        "there is no published table '" + name + "'",
                        "those that there are: " + String.join(", ", known),
                        "name one of these, or none for all of them");
            }
        }
        return names.isEmpty()
                ? all
                : all.stream().filter(table -> names.contains(name(table))).toList();
    }

    private static String name(PublishedTable table) {
        return table.definition().name().toString();
    }
}
