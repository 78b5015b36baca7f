package io.datapunk.ingest.format;

import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.Identity;
import io.datapunk.ingest.record.Payload;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;

/**
 * A photo, video or sound of an export. It becomes one row together with its sidecar, which {@link SidecarNames} finds in
 * the same folder, in whatever part of the export.
 *
 * @param entryPath path inside the export
 * @param mediaType by content
 * @param bytes size
 * @param sha256 of the content, hex
 */
public record MediaFile(String entryPath, String mediaType, long bytes, String sha256) {

    /**
     * The file's row.
     *
     * @param sidecar what the sidecar's parser made; empty where there is none
     */
    public AcceptedRecord record(Optional<AcceptedRecord> sidecar) {
        Optional<Payload.Media> known = sidecar.map(AcceptedRecord::payload)
                .filter(Payload.Media.class::isInstance)
                .map(Payload.Media.class::cast);
        Optional<EventTime> time = sidecar.flatMap(AcceptedRecord::time);
        String ownName = Normalizer.normalize(EntryPath.fileName(entryPath), Normalizer.Form.NFC);
        // The sidecar has the name before the exporter cut it.
        String fileName = known.map(Payload.Media::fileName)
                .filter(title -> !title.isBlank())
                .orElse(ownName);
        Payload.Media media = new Payload.Media(
                fileName,
                mediaType,
                bytes,
                sha256,
                null,
                null,
                null,
                known.map(Payload.Media::latitude).orElse(null),
                known.map(Payload.Media::longitude).orElse(null),
                PhotoAlbum.of(entryPath),
                known.map(Payload.Media::people).orElse(List.of()),
                known.map(Payload.Media::sidecar).orElse(null),
                known.map(Payload.Media::detail).orElse(null));
        Identity identity = new Identity(
                PhotoSidecar.FAMILY,
                List.of("file", sha256, ownName),
                false,
                PhotoSidecar.matchMaterial(fileName, time));
        return new AcceptedRecord(0, time, identity, media);
    }
}
