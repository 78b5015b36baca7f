package io.datapunk.lake.container;

import java.text.Normalizer;

/**
 * What a name inside a container comes to.
 *
 * @param path normalised to NFC, {@code /} between its parts, no {@code .} parts
 * @param status whether an entry with this name is read
 * @param reason why not
 */
record EntryPath(String path, EntryStatus status, String reason) {
    private static final String MACOS = "macOS keeps its own data about another file here";

    static EntryPath of(String name, SafetyLimits limits) {
        String path = Normalizer.isNormalized(name, Normalizer.Form.NFC)
                ? name
                : Normalizer.normalize(name, Normalizer.Form.NFC);
        while (path.startsWith("./")) {
            path = path.substring(2);
        }
        String unsafe = unsafe(path, limits);
        if (!unsafe.isEmpty()) {
            return new EntryPath(path, EntryStatus.REJECTED, unsafe);
        }
        String fileName = path.substring(path.lastIndexOf('/') + 1);
        boolean macos = fileName.startsWith("._")
                || fileName.equals(".DS_Store")
                || path.startsWith("__MACOSX/")
                || path.contains("/__MACOSX/");
        return macos ? new EntryPath(path, EntryStatus.SKIPPED, MACOS) : new EntryPath(path, EntryStatus.READABLE, "");
    }

    private static String unsafe(String path, SafetyLimits limits) {
        if (path.isEmpty()) {
            return "its name is empty";
        }
        if (path.indexOf('\0') >= 0) {
            return "its name contains a NUL character";
        }
        if (path.startsWith("/") || path.startsWith("\\")) {
            return "its name is an absolute path";
        }
        if (path.length() > 1 && path.charAt(1) == ':' && Character.isLetter(path.charAt(0)) && isRootedDrive(path)) {
            return "its name begins with a drive letter";
        }
        int depth = 0;
        int begin = 0;
        for (int i = 0; i <= path.length(); i++) {
            if (i == path.length() || path.charAt(i) == '/' || path.charAt(i) == '\\') {
                if (i - begin == 2 && path.charAt(begin) == '.' && path.charAt(begin + 1) == '.') {
                    return "its name leads out of the container through \"..\"";
                }
                depth++;
                begin = i + 1;
            }
        }
        return depth - 1 > limits.pathDepth()
                ? "it lies %d folders deep, more than the limit of %d".formatted(depth - 1, limits.pathDepth())
                : "";
    }

    /** {@code C:\x} and {@code C:/x}; but {@code a:b.txt} is a name that macOS and Linux allow. */
    private static boolean isRootedDrive(String path) {
        return path.length() == 2 || path.charAt(2) == '\\' || path.charAt(2) == '/';
    }
}
