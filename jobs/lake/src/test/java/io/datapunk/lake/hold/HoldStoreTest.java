package io.datapunk.lake.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldStoreTest {
    private static final DatasetName ACTIVITY = DatasetName.parse("user_data.activity");
    private static final Hold OF_A_TABLE = new Hold(
            "1f9a03b7",
            Optional.empty(),
            Optional.of(ACTIVITY),
            Optional.empty(),
            Optional.empty(),
            "case 12",
            Instant.parse("2026-11-26T06:00:00Z"));
    private static final Hold OF_A_PERSON = new Hold(
            "00c0ffee",
            Optional.of("a".repeat(32)),
            Optional.empty(),
            Optional.of(Instant.parse("2020-01-01T00:00:00Z")),
            Optional.of(Instant.parse("2021-01-01T00:00:00Z")),
            "case 13",
            Instant.parse("2026-11-26T07:00:00Z"));

    @TempDir
    private Path folder;

    private HoldStore store;

    @BeforeEach
    void noHoldYet() {
        store = new HoldStore(new LakeHome(folder.toString(), folder));
    }

    @Test
    void holdsStandUntilTheyAreReleased() {
        assertThat(store.read()).isEmpty();

        store.place(OF_A_TABLE);
        store.place(OF_A_PERSON);
        assertThat(store.read()).containsExactly(OF_A_TABLE, OF_A_PERSON);

        store.release(OF_A_TABLE.id());
        assertThat(store.read()).containsExactly(OF_A_PERSON);
    }

    @Test
    void aHoldWithoutADatasetMayProtectRowsOfAny() {
        DatasetName messages = DatasetName.parse("user_data.messages");

        assertThat(OF_A_TABLE.mayProtect(ACTIVITY)).isTrue();
        assertThat(OF_A_TABLE.mayProtect(messages)).isFalse();
        assertThat(OF_A_PERSON.mayProtect(messages)).isTrue();
    }

    @Test
    void aFileThatCannotBeReadIsNotTakenForNoHolds() throws IOException {
        Files.writeString(folder.resolve("holds.json"), "[{\"id\":");

        assertThatThrownBy(() -> store.read())
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("the holds cannot be read, so nothing is deleted");
    }

    @Test
    void timesOfAHoldAreInOrder() {
        Instant time = Instant.parse("2020-01-01T00:00:00Z");

        assertThatThrownBy(() -> new Hold(
                        "1", Optional.empty(), Optional.empty(), Optional.of(time), Optional.of(time), "none", time))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("no time lies between them");
    }
}
