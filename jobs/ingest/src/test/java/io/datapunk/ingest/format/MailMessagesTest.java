package io.datapunk.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.Attachment;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.MatchCandidate;
import io.datapunk.ingest.record.MatchRule;
import io.datapunk.ingest.record.ParsedRecord;
import io.datapunk.ingest.record.Payload;
import io.datapunk.ingest.record.RejectedRecord;
import io.datapunk.ingest.record.ZoneCertainty;
import io.datapunk.lake.model.table.MessagesTable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MailMessagesTest {
    private static final String PATH = "Takeout/Mail/Alle E-Mails einschließlich Spam-Nachrichten und E.mbox";

    private static final String ENVELOPE = "From 1790@xxx Tue Feb 13 08:36:49 +0000 2024\r\n";

    private static AcceptedRecord row(String mail) {
        return Parsing.row(PATH, mail.replace("\r\n", "\n").replace("\n", "\r\n"));
    }

    private static Payload.Message message(String mail) {
        return (Payload.Message) row(mail).payload();
    }

    @Test
    void everyColumnOfAMultipartMailIsFilled() {
        AcceptedRecord row = row(ENVELOPE + """
                X-GM-THRID: 1234567890
                X-Gmail-Labels: =?UTF-8?Q?Posteingang,"Ann,_Bob",Gr=C3=BC=C3=9Fe?=
                Delivered-To: bob@example.org
                Message-ID: <m1@example.org>
                Date: Tue, 13 Feb 2024 09:36:49 +0100 (CET)
                From: =?ISO-8859-1?Q?J=F6rg?= <joerg@example.org>
                To: "Bob, the builder" <bob@example.org>,
                 ann@example.org
                Cc: undisclosed-recipients:;, carol@example.org
                Subject: =?UTF-8?B?R3LDvMOfZSDigJM=?=
                 =?UTF-8?Q?_Tee?=
                In-Reply-To: <m0@example.org>
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary="b1"

                Preamble
                --b1
                Content-Type: multipart/alternative; boundary="b2"

                --b2
                Content-Type: text/plain; charset=UTF-8
                Content-Transfer-Encoding: quoted-printable

                Gr=C3=BC=C3=9Fe,
                Tee =
                ist fertig.
                --b2
                Content-Type: text/html; charset=UTF-8

                <p>Grüße</p>
                --b2--
                --b1
                Content-Type: application/pdf; name="x.pdf"
                Content-Disposition: attachment; filename*=UTF-8''R%C3%BCckblick.pdf
                Content-Transfer-Encoding: base64

                YWJj
                --b1
                Content-Type: message/rfc822

                Message-ID: <inner@example.org>
                Subject: inner

                inner text
                --b1--
                """);

        assertThat(row.time()).contains(EventTime.exact(Instant.parse("2024-02-13T08:36:49Z"), "+01:00"));
        Payload.Message message = (Payload.Message) row.payload();
        assertThat(message.threadId()).isEqualTo("1234567890");
        assertThat(message.messageId()).isEqualTo("m1@example.org");
        assertThat(message.sender()).isEqualTo("joerg@example.org");
        assertThat(message.recipients()).containsExactly("bob@example.org", "ann@example.org", "carol@example.org");
        assertThat(message.labels()).containsExactly("Posteingang", "Ann, Bob", "Grüße");
        assertThat(message.subject()).isEqualTo("Grüße – Tee");
        assertThat(message.text()).isEqualTo("Grüße,\nTee ist fertig.");
        assertThat(message.language()).isNull();
        assertThat(message.attachments().get(0))
                .isEqualTo(new Attachment(
                        "Rückblick.pdf",
                        "application/pdf",
                        3,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        assertThat(message.attachments().get(1).mediaType()).isEqualTo("message/rfc822");
        assertThat(message.attachments()).hasSize(2);
        assertThat(message.detail())
                .isEqualTo(
                        "{\"cc\":\"undisclosed-recipients:;, carol@example.org\",\"delivered-to\":\"bob@example.org\","
                                + "\"from\":\"Jörg <joerg@example.org>\",\"in-reply-to\":\"<m0@example.org>\","
                                + "\"to\":\"\\\"Bob, the builder\\\" <bob@example.org>, ann@example.org\"}");
        assertThat(row.identity().canonicalFields())
                .startsWith(
                        "m1@example.org",
                        "Tue, 13 Feb 2024 09:36:49 +0100 (CET)",
                        "joerg@example.org",
                        "Grüße – Tee",
                        "bob@example.org");
        assertThat(row.identity().matchMaterial()).isEqualTo("m1@example.org\nbob@example.org");
    }

    @Test
    void htmlAloneBecomesItsText() {
        Payload.Message message = message(ENVELOPE + """
                Subject: x
                Content-Type: text/html; charset=utf-8

                <html><head><title>t</title><style>p {}</style></head><body><p>Tea&nbsp;is <b>ready</b>.</p>
                <div>Come<br>now</div><script>x()</script></body></html>
                """);

        assertThat(message.text()).isEqualTo("Tea is ready.\nCome\nnow");
        assertThat(message.attachments()).isEmpty();
    }

    @Test
    void aLineOfTheBodyThatBeginsWithFromIsText() {
        List<AcceptedRecord> rows = Parsing.rows(
                PATH,
                ENVELOPE + """
                        Message-ID: <m1@example.org>
                        Subject: one

                        He wrote:
                        From here on it is easy.
                        >From there it was not.
                        >>From nowhere.

                        """.replace("\n", "\r\n") + ENVELOPE + "Message-ID: <m2@example.org>\r\n\r\nsecond\r\n");

        assertThat(rows).hasSize(2);
        assertThat(((Payload.Message) rows.get(0).payload()).text())
                .isEqualTo("He wrote:\nFrom here on it is easy.\nFrom there it was not.\n>From nowhere.");
        assertThat(((Payload.Message) rows.get(1).payload()).text()).isEqualTo("second");
    }

    @Test
    void aWrongCharacterSetIsRepaired() {
        byte[] latin = (ENVELOPE
                        + "Subject: Grüße\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nSchöne Grüße aus Köln\r\n")
                .getBytes(Charset.forName("windows-1252"));
        byte[] utf8 = (ENVELOPE
                        + "Subject: Grüße\r\nContent-Type: text/plain; charset=x-none\r\n\r\nSchöne Grüße aus Köln\r\n")
                .getBytes(StandardCharsets.UTF_8);

        for (byte[] mail : List.of(latin, utf8)) {
            Payload.Message message = (Payload.Message)
                    Parsing.accepted(Parsing.parse("x.mbox", PATH, mail)).get(0).payload();
            assertThat(message.subject()).isEqualTo("Grüße");
            assertThat(message.text()).isEqualTo("Schöne Grüße aus Köln");
        }
    }

    @Test
    void whereNoDateIsReadableThePostmarkTellsTheTime() {
        assertThat(row(ENVELOPE + "Date: yesterday\nSubject: x\n\ny\n").time())
                .contains(EventTime.exact(Instant.parse("2024-02-13T08:36:49Z"), "UTC"));
        assertThat(Parsing.parseFrame(CommonFormats.MBOX, "Subject: x\n\ny\n".getBytes(StandardCharsets.UTF_8), ""))
                .singleElement()
                .isInstanceOfSatisfying(AcceptedRecord.class, undated -> assertThat(undated.time())
                        .isEmpty());
        assertThat(row(ENVELOPE + "Date: 13 Feb 99 09:36 PDT\nSubject: x\n\ny\n")
                        .time())
                .contains(new EventTime(
                        Instant.parse("1999-02-13T16:36:00Z"), Optional.of("-07:00"), ZoneCertainty.INFERRED));
    }

    @Test
    void labelsChangeBetweenExportsAndTheIdStays() {
        String mail = "Message-ID: <m1@example.org>\nDate: Tue, 13 Feb 2024 09:36:49 +0100\nSubject: x\n\nbody\n";
        AcceptedRecord first = row(ENVELOPE + "X-Gmail-Labels: Inbox,Unread\n" + mail);
        AcceptedRecord second =
                row("From 99@xxx Wed Feb 14 08:36:49 +0000 2024\nX-Gmail-Labels: Archive\n" + mail + "\n\n");

        assertThat(first.identity()).isEqualTo(second.identity());
        assertThat(((Payload.Message) first.payload()).labels()).containsExactly("Inbox", "Unread");
    }

    @Test
    void theCopiesInTwoMailboxesOfOnePersonBothStay() {
        String mail = "Message-ID: <m1@example.org>\nDate: Tue, 13 Feb 2024 09:36:49 +0100\nSubject: x\n\nbody\n";
        AcceptedRecord work = row(ENVELOPE + "Delivered-To: ann@work.example\n" + mail);
        AcceptedRecord home = row(ENVELOPE + "Delivered-To: ann@home.example\n" + mail);
        AcceptedRecord workAgain = row(ENVELOPE + "Delivered-To: ann@work.example\n" + mail.replace("body", "body >"));

        assertThat(work.identity().canonicalFields())
                .isNotEqualTo(home.identity().canonicalFields());
        assertThat(work.identity().matchMaterial()).isNotEqualTo(home.identity().matchMaterial());
        assertThat(work.identity().matchMaterial())
                .isEqualTo(workAgain.identity().matchMaterial());
        MatchRule rule = MatchRule.of(MessagesTable.DEFINITION.name()).orElseThrow();
        assertThat(rule.sameEvent(candidate(work, "a"), candidate(workAgain, "b")))
                .isTrue();
        assertThat(rule.sameEvent(candidate(work, "a"), candidate(workAgain, "a")))
                .isFalse();
    }

    @Test
    void whatIsNoMailIsRejected() {
        List<ParsedRecord> records = Parsing.parseFrame(
                CommonFormats.MBOX, (ENVELOPE + "\r\nno header here\r\n").getBytes(StandardCharsets.UTF_8), "");

        assertThat(records).singleElement().isInstanceOfSatisfying(RejectedRecord.class, reject -> assertThat(
                        reject.check())
                .isEqualTo("mail-shape"));
    }

    private static MatchCandidate candidate(AcceptedRecord row, String entry) {
        return new MatchCandidate(
                "import", entry, row.time(), null, null, ((Payload.Message) row.payload()).messageId());
    }
}
