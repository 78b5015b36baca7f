package io.datapunk.lake.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeHomeTest {
    @TempDir
    private Path folder;

    @Test
    void aNewHomeGetsItsVersionAndOpensAgain() throws IOException {
        Path root = folder.resolve("my lake");

        LakeHome home = LakeHome.open(configured(root));

        assertThat(root.resolve("lake.version")).hasContent("1\n");
        assertThat(LakeHome.openExisting(configured(root))).isEqualTo(home);
        assertThat(home.tablePath(DatasetName.parse("user_data.activity")))
                .isEqualTo(root + "/tables/user_data/activity");
        assertThat(home.spool()).isEqualTo(root.resolve("access/spool"));
        assertThat(home.staging("i1")).isEqualTo(root.resolve("staging/i1"));
    }

    @Test
    void aCommandThatMakesNoLakeSaysWhereItLooked() {
        LakeException missing =
                catchThrowableOfType(LakeException.class, () -> LakeHome.openExisting(configured(folder.resolve("x"))));

        assertThat(missing.kind()).isEqualTo(LakeException.Kind.USAGE);
        assertThat(missing.problem()).isEqualTo("there is no lake at " + folder.resolve("x"));
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void aNewerHomeIsRefusedUntouched() throws IOException {
        Files.writeString(folder.resolve("lake.version"), "2\n");

        LakeException newer = catchThrowableOfType(LakeException.class, () -> LakeHome.open(configured(folder)));

        assertThat(newer.problem()).isEqualTo("the lake at " + folder + " was written by a newer version");
        assertThat(newer.reason()).isEqualTo("its format is 2, this build knows formats up to 1");
        assertThat(folder.resolve("lake.version")).hasContent("2\n");
        assertThat(folder.toFile().list()).containsExactly("lake.version");
    }

    @Test
    void anOlderHomeIsMigratedStepByStepAndAFailedStepIsRepeated() throws IOException {
        LakeHome home = LakeHome.open(configured(folder));
        Path steps = folder.resolve("steps");
        HomeFormat.Migration first = root -> Files.writeString(steps, "first ");
        HomeFormat.Migration broken = root -> {
            throw new IOException("no space left");
        };
        HomeFormat.Migration second = root -> Files.writeString(steps, Files.readString(steps) + "second");

        LakeException failed =
                catchThrowableOfType(LakeException.class, () -> home.open(new HomeFormat(List.of(first, broken))));
        assertThat(failed.reason()).isEqualTo("IOException: no space left");
        assertThat(folder.resolve("lake.version")).hasContent("2\n");

        home.open(new HomeFormat(List.of(first, second)));
        assertThat(folder.resolve("lake.version")).hasContent("3\n");
        assertThat(steps).hasContent("first second");
    }

    @Test
    void aFolderThatHoldsSomethingElseIsRefused() throws IOException {
        Files.writeString(folder.resolve("thesis.tex"), "");

        LakeException foreign = catchThrowableOfType(LakeException.class, () -> LakeHome.open(configured(folder)));

        assertThat(foreign.problem()).isEqualTo(folder + " is not a lake");
        assertThat(foreign.reason()).contains("thesis.tex");
    }

    @Test
    void aVersionThatIsNoNumberIsNotGuessed() throws IOException {
        Files.writeString(folder.resolve("lake.version"), "one");

        assertThat(catchThrowableOfType(LakeException.class, () -> LakeHome.open(configured(folder)))
                        .reason())
                .isEqualTo("lake.version holds 'one' instead of a number");
    }

    @Test
    void anObjectStoreKeepsTablesAndTheLocalFolderKeepsTheRest() {
        LakeHome home = LakeHome.of(LakeConfig.load(
                null, Map.of(), Map.of("lake.home", "s3a://bucket/lake/", "lake.local-home", folder.toString())));

        assertThat(home.tablePath(DatasetName.parse("lake.users"))).isEqualTo("s3a://bucket/lake/tables/lake/users");
        assertThat(home.audit()).isEqualTo(folder.resolve("audit"));
    }

    private static LakeConfig configured(Path home) {
        return LakeConfig.load(null, Map.of(), Map.of("lake.home", home.toString()));
    }

    @Test
    void aLakeOfAnotherFormatIsNotWritten() throws IOException {
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", folder.toString()));
        LakeHome home = LakeHome.of(config);
        assertThat(home.isWritable()).isFalse();
        LakeHome.open(config);
        assertThat(home.isWritable()).isTrue();
        for (String version : List.of("2", "none")) {
            Files.writeString(folder.resolve("lake.version"), version);
            assertThat(home.isWritable()).as(version).isFalse();
        }
    }
}
