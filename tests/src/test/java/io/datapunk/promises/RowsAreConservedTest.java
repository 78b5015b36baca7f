package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** Promise 5: read = accepted + duplicates + quarantined, for every file and every run; every reject keeps its bytes. */
class RowsAreConservedTest {
    @Test
    void countsOfTheRunAddUpAndNoneIsZero() {
        JsonNode counts = DemoLake.result().get("ingest").get("counts");

        assertThat(counts.get("read").asLong())
                .isEqualTo(counts.get("accepted").asLong()
                        + counts.get("duplicates").asLong()
                        + counts.get("quarantined").asLong());
        assertThat(counts.get("accepted").asLong()).isPositive();
        assertThat(counts.get("duplicates").asLong()).isPositive();
        assertThat(counts.get("quarantined").asLong()).isPositive();
    }

    @Test
    void countsOfEveryFileAddUp() {
        assertThat(DemoLake.commands()
                        .query("select entry, read, accepted, duplicates, quarantined from imports.files"
                                + " where read <> accepted + duplicates + quarantined"))
                .isEmpty();
    }

    @Test
    void everyRejectHasItsReasonItsPlaceAndItsBytes() {
        JsonNode quarantine = DemoLake.commands()
                .query("select count(*), count(nullif(reason, '')), count(nullif(entry, '')), count(sample)"
                        + " from imports.quarantine")
                .get(0);
        long quarantined =
                DemoLake.result().get("ingest").get("counts").get("quarantined").asLong();

        assertThat(quarantine).allSatisfy(count -> assertThat(count.asLong()).isEqualTo(quarantined));
    }

    @Test
    void everyDuplicateNamesTheRowThatStays() {
        assertThat(DemoLake.commands()
                        .query("select d.id from imports.duplicates d left anti join ("
                                + " select id from user_data.activity union all select id from user_data.messages"
                                + " union all select id from user_data.locations union all select id from user_data.media"
                                + " union all select id from imports.records) kept on d.kept_id = kept.id"))
                .isEmpty();
    }
}
