package io.datapunk.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.analytics.activity.ActivityDaily;
import io.datapunk.analytics.activity.Ranking;
import io.datapunk.analytics.activity.Sessions;
import io.datapunk.analytics.activity.TimeProfile;
import io.datapunk.analytics.communication.Communication;
import io.datapunk.lake.model.table.ActivityDailyTable;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.CommunicationTable;
import io.datapunk.lake.model.table.MessagesTable;
import io.datapunk.lake.model.table.RankingTables;
import io.datapunk.lake.model.table.SessionsTable;
import io.datapunk.lake.model.table.TimeProfileTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActivityTablesTest {
    @TempDir
    private Path folder;

    private AnalyticsFixture lake;

    @BeforeEach
    void open() {
        lake = new AnalyticsFixture(folder, Map.of());
    }

    @Test
    void activityIsCountedByDayPersonProductAndKind() {
        lake.append(
                ActivityTable.DEFINITION,
                "user_id, event_time, product, kind",
                "('ann', '2026-01-05 10:00', 'Search', 'searched')",
                "('ann', '2026-01-05 23:59:59.999', 'Search', 'searched')",
                "('ann', '2026-01-06 00:00', 'Search', 'searched')",
                "('ann', '2026-01-06 00:00', 'Search', null)",
                "('bob', '2026-02-01 00:00', 'YouTube', 'watched')",
                "('bob', null, 'YouTube', 'watched')");

        lake.publish(new ActivityDaily());

        assertThat(lake.values(ActivityDailyTable.DEFINITION, "user_id", "day", "product", "kind", "events", "month"))
                .containsExactly(
                        "[ann,2026-01-05,Search,searched,2,2026-01]",
                        "[ann,2026-01-06,Search,null,1,2026-01]",
                        "[ann,2026-01-06,Search,searched,1,2026-01]",
                        "[bob,2026-02-01,YouTube,watched,1,2026-02]");
        assertThat(lake.values(ActivityDailyTable.DEFINITION, "source_versions", "computed_at"))
                .as("what it was computed of, and when")
                .containsOnly("[{user_data.activity -> 1},2026-06-01 00:00:00]");
    }

    @Test
    void aSessionEndsAfterAPauseAndWithTheDay() {
        lake.append(
                ActivityTable.DEFINITION,
                "user_id, event_time, product",
                "('ann', '2026-01-31 10:00', 'Search')",
                "('ann', '2026-01-31 10:30', 'Maps')",
                "('ann', '2026-01-31 10:30', 'Maps')",
                "('ann', '2026-01-31 11:00:01', null)",
                "('ann', '2026-01-31 23:50', 'Search')",
                "('ann', '2026-02-01 00:05', 'Search')",
                "('bob', '2026-01-31 10:05', 'Search')");

        lake.publish(new Sessions(Duration.ofMinutes(30)));

        assertThat(lake.values(
                        SessionsTable.DEFINITION, "user_id", "started_at", "ended_at", "seconds", "events", "products"))
                .containsExactly(
                        "[ann,2026-01-31 10:00:00,2026-01-31 10:30:00,1800,3,[Maps, Search]]",
                        "[ann,2026-01-31 11:00:01,2026-01-31 11:00:01,0,1,[]]",
                        "[ann,2026-01-31 23:50:00,2026-01-31 23:50:00,0,1,[Search]]",
                        "[ann,2026-02-01 00:05:00,2026-02-01 00:05:00,0,1,[Search]]",
                        "[bob,2026-01-31 10:05:00,2026-01-31 10:05:00,0,1,[Search]]");
    }

    @Test
    void domainsAreRankedByMonthAndWhoIsEqualAtTheEndComesAlong() {
        lake.append(
                ActivityTable.DEFINITION,
                "user_id, event_time, url",
                "('ann', '2026-01-05 10:00', 'https://www.Example.org/a?b=https://other.net/')",
                "('ann', '2026-01-06 10:00', 'http://user:pass@example.org:8080/c')",
                "('ann', '2026-01-07 10:00', 'https://b.net#x')",
                "('ann', '2026-01-08 10:00', 'https://c.net')",
                "('ann', '2026-01-08 10:00', 'no address')",
                "('ann', '2026-01-08 10:00', null)",
                "('ann', '2026-02-08 10:00', 'https://c.net')");

        lake.publish(Ranking.domains(2));

        assertThat(lake.values(RankingTables.DOMAINS, "month", "rank", "name", "events", "first_at"))
                .containsExactly(
                        "[2026-01,1,example.org,2,2026-01-05 10:00:00]",
                        "[2026-01,2,b.net,1,2026-01-07 10:00:00]",
                        "[2026-01,2,c.net,1,2026-01-08 10:00:00]",
                        "[2026-02,1,c.net,1,2026-02-08 10:00:00]");
    }

    @Test
    void channelsAndArtistsAreWhatTheFirstSubtitleNames() {
        lake.append(
                ActivityTable.DEFINITION,
                "user_id, event_time, product, detail",
                "('ann', '2026-01-05 10:00', 'YouTube', '{\"subtitles\":[{\"name\":\"Cooking\",\"url\":\"u\"}]}')",
                "('ann', '2026-01-05 11:00', 'YouTube', '{\"subtitles\":[]}')",
                "('ann', '2026-01-05 12:00', 'YouTube Music', '{\"subtitles\":[{\"name\":\"Nina Simone - Topic\"}]}')",
                "('ann', '2026-01-05 13:00', 'Search', '{\"subtitles\":[{\"name\":\"no channel\"}]}')");

        lake.publish(Ranking.channels(10), Ranking.artists(10));

        assertThat(lake.values(RankingTables.CHANNELS, "name", "events")).containsExactly("[Cooking,1]");
        assertThat(lake.values(RankingTables.ARTISTS, "name", "events")).containsExactly("[Nina Simone,1]");
    }

    @Test
    void theWeekIsSeenInTheZoneOfTheEvent() {
        lake.append(
                ActivityTable.DEFINITION,
                "user_id, event_time, event_zone",
                "('ann', '2026-01-04 23:30', 'Europe/Berlin')",
                "('ann', '2026-01-04 23:30', '+01:00')",
                "('ann', '2026-01-04 23:30', null)");
        lake.append(MessagesTable.DEFINITION, "user_id, event_time", "('ann', '2026-01-05 00:30')");

        lake.publish(new TimeProfile());

        assertThat(lake.values(TimeProfileTable.DEFINITION, "dataset", "weekday", "hour", "events"))
                .as("a Sunday in UTC is a Monday in Berlin")
                .containsExactly(
                        "[user_data.activity,1,0,2]", "[user_data.activity,7,23,1]", "[user_data.messages,1,0,1]");
    }

    @Test
    void messagesAreCountedByWhoSentThemAndWhoReceivedThem() {
        lake.append(
                MessagesTable.DEFINITION,
                "user_id, event_time, sender, recipients, thread_id",
                "('ann', '2026-01-05 10:00', 'Ann Lee <Ann@example.org>', array('bob@b.net', 'Carl <carl@c.net>'), 't1')",
                "('ann', '2026-01-06 10:00', 'ann@example.org', array('bob@b.net'), 't1')",
                "('ann', '2026-01-07 10:00', 'bob@b.net', array('ann@example.org'), null)",
                "('ann', '2026-01-08 10:00', 'Dora', null, 'chat')",
                "('ann', null, 'Dora', array(''), 'chat')");

        lake.publish(new Communication());

        assertThat(lake.values(
                        CommunicationTable.DEFINITION,
                        "month",
                        "sender",
                        "recipient",
                        "messages",
                        "threads",
                        "last_at"))
                .containsExactly(
                        "[2026-01,ann@example.org,bob@b.net,2,1,2026-01-06 10:00:00]",
                        "[2026-01,ann@example.org,carl@c.net,1,1,2026-01-05 10:00:00]",
                        "[2026-01,bob@b.net,ann@example.org,1,1,2026-01-07 10:00:00]",
                        "[2026-01,dora,null,1,1,2026-01-08 10:00:00]",
                        "[undated,dora,null,1,1,null]");
    }
}
