package io.datapunk.lake.container;

import static io.datapunk.lake.container.Archives.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.datapunk.lake.container.Archives.Tar;
import io.datapunk.lake.container.Archives.Zip;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerTest {
    private final EntryReader reader = new EntryReader(SafetyLimits.DEFAULT);

    @TempDir
    private Path folder;

    @Test
    void readsStoredAndDeflatedEntriesOfAZip() throws IOException {
        Path file = folder.resolve("takeout-20260101T000000Z-001.zip");
        try (Zip zip = new Zip(file)) {
            zip.deflated("Takeout/a.json", utf8("{\"a\":1}")).stored("Takeout/b.jpg", utf8("picture"));
        }

        ContainerIndex index = Archives.open(file);

        assertThat(index.exportId()).isEqualTo("takeout-20260101T000000Z");
        assertThat(index.entries())
                .extracting(EntryRef::path, EntryRef::method, EntryRef::bytes, EntryRef::status)
                .containsExactly(
                        tuple("Takeout/a.json", EntryMethod.DEFLATED, 7L, EntryStatus.READABLE),
                        tuple("Takeout/b.jpg", EntryMethod.STORED, 7L, EntryStatus.READABLE));
        assertThat(texts(index)).containsExactly("{\"a\":1}", "picture");
    }

    @Test
    void readsAZip64() throws IOException {
        Path file = folder.resolve("big.zip");
        try (Zip zip = new Zip(file).zip64()) {
            zip.deflated("a", utf8("one")).stored("b", utf8("two"));
        }

        assertThat(texts(Archives.open(file))).containsExactly("one", "two");
    }

    @Test
    void readsAZipWithSomethingBeforeAndBehindIt() throws IOException {
        for (boolean zip64 : List.of(false, true)) {
            Path inner = folder.resolve("inner.zip");
            try (Zip zip = zip64 ? new Zip(inner).zip64() : new Zip(inner)) {
                zip.deflated("a", utf8("one")).stored("b", utf8("two"));
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(utf8("PK\u0003\u0004 a stub of another program"));
            bytes.writeBytes(Files.readAllBytes(inner));
            bytes.writeBytes(utf8("trailing"));
            Path file = Files.write(folder.resolve("stub.zip"), bytes.toByteArray());

            assertThat(texts(Archives.open(file))).containsExactly("one", "two");
        }
    }

    @Test
    void saysWhereACentralDirectoryIsDamaged() throws IOException {
        Path file = folder.resolve("damaged.zip");
        try (Zip zip = new Zip(file)) {
            zip.stored("a", new byte[100]).stored("b", new byte[100]);
        }
        byte[] bytes = Files.readAllBytes(file);
        int directory = indexOf(bytes, "PK\u0001\u0002");
        bytes[directory] = 'X';
        Files.write(file, bytes);

        assertThatThrownBy(() -> Archives.open(file))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("its central directory is damaged at byte " + directory);
    }

    @Test
    void readsEntriesWhoseSizesStandBehindThem() throws IOException {
        ByteArrayOutputStream pipe = new ByteArrayOutputStream();
        try (Zip zip = new Zip(pipe)) {
            zip.deflated("a", utf8("one")).deflated("b", utf8("two"));
        }
        byte[] bytes = pipe.toByteArray();
        Path file = Files.write(folder.resolve("piped.zip"), bytes);

        assertThat(bytes[6] & 8).as("the data descriptor's flag").isEqualTo(8);
        assertThat(texts(Archives.open(file))).containsExactly("one", "two");
    }

    @Test
    void readsAStoredEntryWithADataDescriptor() throws IOException {
        Path file = folder.resolve("descriptor.zip");
        try (Zip zip = new Zip(file)) {
            zip.stored("a", utf8("PK\u0003\u0004 is no border")).stored("b", utf8("two"));
        }
        // As PR#137 of commons-compress describes them: the flag set, no sizes in the local header.
        byte[] bytes = Files.readAllBytes(file);
        bytes[6] |= 8;
        Arrays.fill(bytes, 14, 26, (byte) 0);
        Files.write(file, bytes);

        assertThat(texts(Archives.open(file))).containsExactly("PK\u0003\u0004 is no border", "two");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsATarPackedOrNot(boolean gzipped) throws IOException {
        Path file = folder.resolve(gzipped ? "takeout-20260101T000000Z-1-001.tgz" : "export.tar");
        String longName = "Takeout/" + "deep/".repeat(30) + "é.json";
        try (Tar tar = new Tar(file, gzipped)) {
            tar.file("Takeout/a.json", utf8("one")).file("empty", new byte[0]).file(longName, utf8("three"));
        }

        ContainerIndex index = Archives.open(file);

        assertThat(index.exportId()).isEqualTo(gzipped ? "takeout-20260101T000000Z" : "export");
        assertThat(index.entries()).extracting(EntryRef::path).containsExactly("Takeout/a.json", "empty", longName);
        assertThat(texts(index)).containsExactly("one", "", "three");
        assertThat(index.entries()).allMatch(EntryRef::isSplittable);
    }

    @Test
    void readsAFolderInTheOrderOfItsNames() throws IOException {
        Path export = Files.createDirectories(folder.resolve("Takeout/Mail"));
        Files.writeString(export.resolve("b.mbox"), "two");
        Files.writeString(export.resolve("a.mbox"), "one");
        Files.createSymbolicLink(export.resolve("c"), export.resolve("a.mbox"));

        ContainerIndex index = Archives.open(folder.resolve("Takeout"));

        assertThat(index.entries())
                .extracting(EntryRef::path, EntryRef::status, EntryRef::reason)
                .containsExactly(
                        tuple("Mail/a.mbox", EntryStatus.READABLE, ""),
                        tuple("Mail/b.mbox", EntryStatus.READABLE, ""),
                        tuple("Mail/c", EntryStatus.REJECTED, "it is a symbolic link"));
        assertThat(texts(index)).containsExactly("one", "two");
    }

    @Test
    void takesAPlainFileAsItsOwnEntry() throws IOException {
        Path file = Files.writeString(folder.resolve("Timeline.json"), "{}");

        ContainerIndex index = Archives.open(file);

        assertThat(index.exportId()).isEqualTo("Timeline");
        assertThat(index.entries()).extracting(EntryRef::path).containsExactly("Timeline.json");
        assertThat(texts(index)).containsExactly("{}");
    }

    @Test
    void takesAnyBytesAsAPlainFile() throws IOException {
        byte[] bytes = new byte[2000];
        Arrays.fill(bytes, (byte) 0xFF);
        Path file = Files.write(folder.resolve("x.bin"), bytes);

        assertThat(Archives.open(file).entries()).extracting(EntryRef::bytes).containsExactly(2000L);
    }

    @Test
    void takesAGzippedFileAsTheFileInIt() throws IOException {
        Path file = folder.resolve("Records.json.gz");
        try (var out = new java.util.zip.GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(utf8("[1]"));
        }

        ContainerIndex index = Archives.open(file);

        assertThat(index.entries()).extracting(EntryRef::path).containsExactly("Records.json");
        assertThat(texts(index)).containsExactly("[1]");
    }

    @Test
    void takesTheArchivesInAFolderAsOneExportAndMissesAPart() throws IOException {
        Path export = Files.createDirectories(folder.resolve("downloads"));
        for (String number : List.of("001", "003")) {
            try (Zip zip = new Zip(export.resolve("takeout-20260101T000000Z-3-" + number + ".zip"))) {
                zip.deflated("Takeout/" + number, utf8(number));
            }
        }

        ContainerIndex index = Archives.open(export);

        assertThat(index.exportId()).isEqualTo("takeout-20260101T000000Z");
        assertThat(texts(index)).containsExactly("001", "003");
        assertThat(index.warnings())
                .containsExactly("takeout-20260101T000000Z-3-002 was not handed in, but a later part was");
    }

    @Test
    void refusesNamesThatLeadOutOfTheContainer() throws IOException {
        Path file = folder.resolve("slip.zip");
        try (Zip zip = new Zip(file)) {
            for (String name :
                    List.of("../../etc/passwd", "a/../../b", "/etc/passwd", "C:\\x", "..\\x", "a/..", "fine")) {
                zip.deflated(name, utf8("x"));
            }
        }

        assertThat(Archives.open(file).entries())
                .extracting(EntryRef::path, EntryRef::status, EntryRef::reason)
                .containsExactly(
                        tuple("../../etc/passwd", EntryStatus.REJECTED, LEADS_OUT),
                        tuple("a/../../b", EntryStatus.REJECTED, LEADS_OUT),
                        tuple("/etc/passwd", EntryStatus.REJECTED, "its name is an absolute path"),
                        tuple("C:/x", EntryStatus.REJECTED, "its name begins with a drive letter"),
                        tuple("../x", EntryStatus.REJECTED, LEADS_OUT),
                        tuple("a/..", EntryStatus.REJECTED, LEADS_OUT),
                        tuple("fine", EntryStatus.READABLE, ""));
    }

    private static final String LEADS_OUT = "its name leads out of the container through \"..\"";

    @Test
    void composesNamesAndTellsTheOriginal() throws IOException {
        Path file = folder.resolve("nfd.zip");
        String decomposed = "Takeout/Cafe\u0301.json";
        try (Zip zip = new Zip(file)) {
            zip.deflated(decomposed, utf8("x"));
        }

        EntryRef entry = Archives.open(file).entries().get(0);

        assertThat(entry.path()).isEqualTo("Takeout/Caf\u00e9.json");
        assertThat(entry.originalPath()).isEqualTo(decomposed);
    }

    @Test
    void opensAFileOfAFolderByItsOriginalName() throws IOException {
        Path export = Files.createDirectories(folder.resolve("Takeout"));
        Files.writeString(export.resolve("Cafe\u0301.json"), "x");

        assertThat(texts(Archives.open(export))).containsExactly("x");
    }

    @Test
    void countsButSkipsWhatMacosLeavesInArchives() throws IOException {
        Path file = folder.resolve("mac.zip");
        try (Zip zip = new Zip(file)) {
            zip.deflated("Takeout/a.json", utf8("x"))
                    .deflated("Takeout/._a.json", utf8("x"))
                    .deflated("__MACOSX/Takeout/a.json", utf8("x"))
                    .deflated("Takeout/.DS_Store", utf8("x"));
        }

        assertThat(Archives.open(file).entries())
                .extracting(EntryRef::status)
                .containsExactly(EntryStatus.READABLE, EntryStatus.SKIPPED, EntryStatus.SKIPPED, EntryStatus.SKIPPED);
    }

    @Test
    void tellsEntriesOfOneNameApart() throws IOException {
        Path file = folder.resolve("twice.zip");
        try (Zip zip = new Zip(file)) {
            zip.deflated("a/x.json", utf8("one"))
                    .deflated("a/x.json", utf8("two"))
                    .deflated("a/x.json", utf8("three"));
        }

        ContainerIndex index = Archives.open(file);

        assertThat(index.entries()).extracting(EntryRef::path).containsExactly("a/x.json", "a/x#2.json", "a/x#3.json");
        assertThat(texts(index)).containsExactly("one", "two", "three");
    }

    @Test
    void refusesLinksAndDevicesInATar() throws IOException {
        Path file = folder.resolve("links.tar");
        try (Tar tar = new Tar(file, false)) {
            tar.symlink("soft", "/etc/passwd")
                    .link("hard", "soft", TarConstants.LF_LINK)
                    .link("device", "", TarConstants.LF_CHR)
                    .file("fine", utf8("x"));
        }

        assertThat(Archives.open(file).entries())
                .extracting(EntryRef::path, EntryRef::reason)
                .containsExactly(
                        tuple("soft", "it is a symbolic link"),
                        tuple("hard", "it is a hard link to soft"),
                        tuple("device", "it is a device or another special file"),
                        tuple("fine", ""));
    }

    @Test
    void refusesSymbolicLinksInAZip() throws IOException {
        Path file = folder.resolve("link.zip");
        try (Zip zip = new Zip(file)) {
            zip.entry("soft", utf8("/etc/passwd"), entry -> entry.setUnixMode(0120777));
        }

        assertThat(Archives.open(file).entries()).extracting(EntryRef::reason).containsExactly("it is a symbolic link");
    }

    @Test
    void refusesEncryptedEntriesWithARemedy() throws IOException {
        Path file = folder.resolve("secret.zip");
        try (Zip zip = new Zip(file)) {
            zip.stored("a", utf8("one"));
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[6] |= 1;
        bytes[indexOf(bytes, "PK\u0001\u0002") + 8] |= 1;
        Files.write(file, bytes);

        ContainerIndex index = Archives.open(file);

        assertThat(index.entries()).extracting(EntryRef::status).containsExactly(EntryStatus.REJECTED);
        assertThat(index.entries().get(0).reason()).contains("encrypted").contains("password");
        assertThatThrownBy(() -> reader.open(index.entries().get(0)))
                .isInstanceOf(EntryException.class)
                .hasMessageContaining("a in secret.zip")
                .hasMessageContaining("encrypted");
    }

    @Test
    void refusesCompressionMethodsByName() throws IOException {
        Path file = folder.resolve("bzip2.zip");
        try (Zip zip = new Zip(file)) {
            zip.stored("a", utf8("one"));
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[indexOf(bytes, "PK\u0001\u0002") + 10] = 12;
        Files.write(file, bytes);

        assertThat(Archives.open(file).entries().get(0).reason()).contains("BZIP2 (method 12)");
    }

    @Test
    void refusesABombByWhatItDeclares() throws IOException {
        Path file = folder.resolve("bomb.zip");
        try (Zip zip = new Zip(file)) {
            zip.deflated("zeros", new byte[2_000_000]);
        }
        SafetyLimits limits = new SafetyLimits(10, 1 << 30, 1 << 30, 200, 1_000_000, 10);

        EntryRef entry = Container.open(file, limits, new Staging(folder.resolve("staging"), 0), Progress.NONE)
                .entries()
                .get(0);

        assertThat(entry.status()).isEqualTo(EntryStatus.REJECTED);
        assertThat(entry.reason())
                .startsWith("it declares 2,000,000 bytes out of 1,9")
                .endsWith("limit of 200 to 1");
    }

    @Test
    void refusesEntriesThatShareTheirBytes() throws IOException {
        Path file = folder.resolve("overlap.zip");
        byte[] first = new byte[1000];
        try (Zip zip = new Zip(file)) {
            zip.stored("a", first).stored("b", first).stored("c", first);
        }
        byte[] bytes = Files.readAllBytes(file);
        int second = indexOf(bytes, "PK\u0001\u0002") + 46 + 1;
        int row = indexOf(Arrays.copyOfRange(bytes, second, bytes.length), "PK\u0001\u0002") + second;
        // The second row of the central directory now points at the first entry.
        Arrays.fill(bytes, row + 42, row + 46, (byte) 0);
        Files.write(file, bytes);

        assertThat(Archives.open(file).entries())
                .extracting(EntryRef::path, EntryRef::status)
                .containsExactly(
                        tuple("a", EntryStatus.REJECTED),
                        tuple("b", EntryStatus.REJECTED),
                        tuple("c", EntryStatus.READABLE));
    }

    @Test
    void leavesArchivesInArchivesAlone() throws IOException {
        Path inner = folder.resolve("inner.zip");
        try (Zip zip = new Zip(inner)) {
            zip.deflated("x", utf8("x"));
        }
        Path file = folder.resolve("outer.zip");
        try (Zip zip = new Zip(file)) {
            zip.stored("inner.zip", Files.readAllBytes(inner));
        }

        assertThat(Archives.open(file).entries()).extracting(EntryRef::path).containsExactly("inner.zip");
    }

    @Test
    void saysThatATruncatedZipIsTruncated() throws IOException {
        Path file = folder.resolve("half.zip");
        try (Zip zip = new Zip(file)) {
            zip.stored("a", new byte[5000]);
        }
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 3000));

        LakeException e = catchThrowableOfType(LakeException.class, () -> Archives.open(file));

        assertThat(e.problem()).isEqualTo("half.zip is a zip that cannot be read");
        assertThat(e.reason()).contains("no central directory").contains("3,000 bytes");
        assertThat(e.remedy()).contains("download or copy it again");
    }

    @ParameterizedTest
    @ValueSource(ints = {700, 1100, 30_000, 60_000})
    void saysWhereATruncatedTarEnds(int length) throws IOException {
        Path file = folder.resolve("half.tar");
        try (Tar tar = new Tar(file, false)) {
            tar.file("a", new byte[20_000]).file("b", new byte[50_000]);
        }
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));

        assertThatThrownBy(() -> Archives.open(file))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("half.tar is a tar that cannot be read to its end")
                .hasMessageContaining("near byte");
    }

    @Test
    void saysWhereATruncatedTgzEndsAndLeavesNothingStaged() throws IOException {
        Path file = folder.resolve("half.tgz");
        byte[] noise = new byte[50_000];
        new java.util.Random(1).nextBytes(noise);
        try (Tar tar = new Tar(file, true)) {
            tar.file("a", noise);
        }
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 30_000));

        assertThatThrownBy(() -> Archives.open(file))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("half.tgz cannot be unpacked to its end")
                .hasMessageContaining("near byte 30,000 of the file");
        assertThat(folder.resolve("staging")).isEmptyDirectory();
    }

    @Test
    void saysThatAnErrorPageIsNoArchive() throws IOException {
        Path file = Files.writeString(folder.resolve("takeout.zip"), "<html>Sign in</html>");

        assertThatThrownBy(() -> Archives.open(file))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("takeout.zip is not an archive")
                .hasMessageContaining("3c 68 74 6d 6c");
    }

    @Test
    void saysWhatIsMissingEmptyOrOfAnotherKind() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.zip"));
        Path noEntries = folder.resolve("none.zip");
        new Zip(noEntries).close();
        Path rar = Files.write(folder.resolve("x.rar"), "Rar!\u001A\u0007\u0000".getBytes(StandardCharsets.ISO_8859_1));
        Path nothing = Files.createDirectories(folder.resolve("nothing"));

        assertThatThrownBy(() -> Archives.open(folder.resolve("gone.zip")))
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> Archives.open(empty)).hasMessageContaining("empty.zip is empty");
        assertThatThrownBy(() -> Archives.open(noEntries)).hasMessageContaining("none.zip holds no files");
        assertThatThrownBy(() -> Archives.open(nothing)).hasMessageContaining("nothing holds no files");
        assertThatThrownBy(() -> Archives.open(rar)).hasMessageContaining("x.rar is a rar file");
    }

    @Test
    void readsNamesInTheOldCodePage() throws IOException {
        Path file = folder.resolve("dos.zip");
        try (Zip zip = new Zip(file)) {
            zip.stored("XY.txt", utf8("x"));
        }
        byte[] bytes = Files.readAllBytes(file);
        for (int name : List.of(indexOf(bytes, "XY.txt"), indexOf(bytes, "PK\u0001\u0002") + 46)) {
            bytes[name] = (byte) 0x81;
        }
        for (int flags : List.of(6, indexOf(bytes, "PK\u0001\u0002") + 8)) {
            bytes[flags + 1] &= ~8;
        }
        Files.write(file, bytes);

        assertThat(Archives.open(file).entries()).extracting(EntryRef::path).containsExactly("üY.txt");
    }

    private List<String> texts(ContainerIndex index) throws IOException {
        List<String> texts = new java.util.ArrayList<>();
        for (EntryRef entry : index.entries()) {
            if (entry.isReadable()) {
                try (EntryStream in = reader.open(entry)) {
                    texts.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return texts;
    }

    private static int indexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    }
}
