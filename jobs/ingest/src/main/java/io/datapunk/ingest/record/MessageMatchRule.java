package io.datapunk.ingest.record;

import io.datapunk.lake.model.table.MessagesTable;
import java.util.Objects;
import java.util.Optional;

/**
 * One message of one mailbox in two exports. The match material holds the mailbox that the message was delivered to, so
 * that the copies in two mailboxes of one person both stay.
 */
final class MessageMatchRule implements MatchRule {
    @Override
    public String name() {
        return "message-id-in-mailbox";
    }

    @Override
    public Optional<String> distinctionColumn() {
        return Optional.of(MessagesTable.MESSAGE_ID);
    }

    @Override
    public boolean sameEvent(MatchCandidate one, MatchCandidate other) {
        return !Entries.same(one, other)
                && one.distinction() != null
                && Objects.equals(one.distinction(), other.distinction())
                && one.time().map(EventTime::instant).equals(other.time().map(EventTime::instant));
    }
}
