package io.datapunk.lake.container;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Makes the index of an export. */
public final class Container {
    private Container() {}

    /**
     * Opens an export of one part.
     *
     * @see #open(List, SafetyLimits, Staging, Progress)
     */
    public static ContainerIndex open(Path part, SafetyLimits limits, Staging staging, Progress progress) {
        return open(List.of(part), limits, staging, progress);
    }

    /**
     * Opens all parts of an export: zips, tars, gzipped tars, folders and plain files in any mixture, told by their
     * content. A folder that holds nothing but a Takeout's archives stands for these archives. Gzipped parts are unpacked
     * into the staging folder.
     *
     * @throws LakeException when a part is missing, unreadable, empty, damaged or no archive that can be read; no part of
     *     the export has been read then
     */
    public static ContainerIndex open(List<Path> parts, SafetyLimits limits, Staging staging, Progress progress) {
        IndexBuilder index = new IndexBuilder(limits);
        List<ContainerPart> opened = new ArrayList<>();
        Set<Path> distinct = distinct(parts);
        for (Path part : distinct) {
            try {
                opened.add(open(part, index, staging, progress));
            } catch (AccessDeniedException e) {
                throw unreadable(part, "its permissions do not let it be read", e);
            } catch (IOException e) {
                throw unreadable(part, String.valueOf(e), e);
            }
        }
        List<String> names = opened.stream().map(ContainerPart::name).toList();
        if (index.entries().isEmpty()) {
            throw LakeException.failed(
                    String.join(", ", names) + " holds no files", "there is nothing to ingest", "check the path");
        }
        return new ContainerIndex(ExportName.exportId(names), opened, index.entries(), ExportName.warnings(names));
    }

    private static ContainerPart open(Path file, IndexBuilder index, Staging staging, Progress progress)
            throws IOException {
        String name = file.getFileName() == null
                ? file.toString()
                : file.getFileName().toString();
        if (Files.isDirectory(file)) {
            ContainerPart part = new ContainerPart(name, ContainerKind.FOLDER, file.toString(), 0);
            FolderIndexer.index(file, part, index);
            return part;
        }
        long bytes = Files.size(file);
        switch (FileSignature.of(file)) {
            case ZIP -> {
                ContainerPart part = new ContainerPart(name, ContainerKind.ZIP, file.toString(), bytes);
                ZipIndexer.index(file, part, index);
                return part;
            }
            case TAR -> {
                ContainerPart part = new ContainerPart(name, ContainerKind.TAR, file.toString(), bytes);
                TarIndexer.index(FileStream.whole(file), part, EntryMethod.STORED, index);
                return part;
            }
            case GZIP -> {
                return openGzip(file, name, bytes, index, staging, progress);
            }
            case PLAIN -> {
                ContainerPart part = new ContainerPart(name, ContainerKind.FILE, file.toString(), bytes);
                index.begin(part);
                index.add(name, EntryMethod.STORED, 0, bytes, bytes, EntryRef.NO_CRC, "");
                return part;
            }
        }
        throw new IllegalStateException("no way to open " + file);
    }

    private static ContainerPart openGzip(
            Path file, String name, long bytes, IndexBuilder index, Staging staging, Progress progress)
            throws IOException {
        Path staged;
        try (Progress.Stage stage = progress.begin("unpacking " + name, bytes, "bytes")) {
            staged = staging.stageGzip(file, index.limits(), stage);
        }
        StagedFiles files = new StagedFiles();
        long unpacked = files.bytes(staged);
        boolean tar;
        try (SeekableStream in = files.open(staged, 0, unpacked)) {
            tar = FileSignature.isTar(in.readNBytes(FileSignature.TAR_HEADER));
        }
        ContainerKind kind = tar ? ContainerKind.COMPRESSED_TAR : ContainerKind.FILE;
        ContainerPart part = new ContainerPart(name, kind, staged.toString(), bytes);
        if (tar) {
            TarIndexer.index(files.open(staged, 0, unpacked), part, EntryMethod.STAGED, index);
        } else {
            index.begin(part);
            String inner = name.endsWith(".gz") ? name.substring(0, name.length() - ".gz".length()) : name;
            index.add(inner, EntryMethod.STAGED, 0, bytes, unpacked, EntryRef.NO_CRC, "");
        }
        return part;
    }

    private static Set<Path> distinct(List<Path> parts) {
        Set<Path> distinct = new LinkedHashSet<>();
        for (Path part : parts) {
            try {
                Path real = part.toRealPath();
                List<Path> archives = ExportName.archivesOf(real);
                distinct.addAll(archives.isEmpty() ? List.of(real) : archives);
            } catch (IOException e) {
                String reason = Files.notExists(part) ? "there is no such file" : String.valueOf(e);
                throw unreadable(part, reason, e);
            }
        }
        if (distinct.isEmpty()) {
            throw LakeException.usage("no export was named", "the list of files is empty", "name a file or folder");
        }
        return distinct;
    }

    private static LakeException unreadable(Path part, String reason, IOException cause) {
        return LakeException.failed(
                part + " cannot be read", reason, "check the path and its permissions; nothing was read", cause);
    }
}
