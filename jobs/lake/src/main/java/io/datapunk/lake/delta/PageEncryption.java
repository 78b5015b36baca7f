package io.datapunk.lake.delta;

import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.crypto.AesCipher;
import org.apache.parquet.crypto.InternalColumnEncryptionSetup;
import org.apache.parquet.crypto.InternalFileEncryptor;
import org.apache.parquet.crypto.ModuleCipherFactory.ModuleType;
import org.apache.parquet.format.BlockCipher;
import org.apache.parquet.hadoop.metadata.ColumnPath;

/**
 * Encrypts the pages of one column chunk, each bound to its place in the file. Parquet's writer leaves that to whoever
 * hands it pages. Of pages of the second version it keeps the levels, which say what is null, as they are.
 */
final class PageEncryption {
    private static final PageEncryption NONE = new PageEncryption(null, null, null, null, null, null);

    private final BlockCipher.Encryptor headers;
    private final BlockCipher.Encryptor pages;
    private final byte[] dictionaryHeader;
    private final byte[] dictionary;
    private final byte[] pageHeader;
    private final byte[] page;

    private PageEncryption(
            BlockCipher.Encryptor headers,
            BlockCipher.Encryptor pages,
            byte[] dictionaryHeader,
            byte[] dictionary,
            byte[] pageHeader,
            byte[] page) {
        this.headers = headers;
        this.pages = pages;
        this.dictionaryHeader = dictionaryHeader;
        this.dictionary = dictionary;
        this.pageHeader = pageHeader;
        this.page = page;
    }

    /**
     * @param file null where the file is not encrypted
     * @param group the row group's place in the file that is written
     */
    static PageEncryption of(InternalFileEncryptor file, ColumnPath path, int group, int column) {
        if (file == null) {
            return NONE;
        }
        InternalColumnEncryptionSetup setup = file.getColumnSetup(path, true, column);
        byte[] aad = file.getFileAAD();
        return new PageEncryption(
                setup.getMetaDataEncryptor(),
                setup.getDataEncryptor(),
                AesCipher.createModuleAAD(aad, ModuleType.DictionaryPageHeader, group, column, 0),
                AesCipher.createModuleAAD(aad, ModuleType.DictionaryPage, group, column, 0),
                AesCipher.createModuleAAD(aad, ModuleType.DataPageHeader, group, column, 0),
                AesCipher.createModuleAAD(aad, ModuleType.DataPage, group, column, 0));
    }

    /** What follows is the page with this number. */
    void beginPage(int ordinal) {
        if (pages != null) {
            AesCipher.quickUpdatePageAAD(pageHeader, ordinal);
            AesCipher.quickUpdatePageAAD(page, ordinal);
        }
    }

    /** Null where the file is not encrypted, as Parquet's writer has it. */
    BlockCipher.Encryptor ofHeaders() {
        return headers;
    }

    byte[] dictionaryHeader() {
        return dictionaryHeader;
    }

    byte[] pageHeader() {
        return pageHeader;
    }

    BytesInput dictionary(BytesInput bytes) throws IOException {
        return encrypted(bytes, dictionary);
    }

    BytesInput page(BytesInput bytes) throws IOException {
        return encrypted(bytes, page);
    }

    private BytesInput encrypted(BytesInput bytes, byte[] place) throws IOException {
        return pages == null ? bytes : BytesInput.from(pages.encrypt(bytes.toByteArray(), place));
    }
}
