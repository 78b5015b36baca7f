package io.datapunk.lake.postgres;

import com.sun.security.auth.module.UnixSystem;
import io.datapunk.lake.model.LakeException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * As whom PostgreSQL's programs run. They refuse root, and {@code initdb} wants a user that has a name.
 *
 * <p>Root runs them in a user namespace, where its id shows as another one: files stay root's, and a home that no other
 * user can reach, as one below {@code /root}, works. Where namespaces are forbidden, as in many containers, they run as
 * an unprivileged user who then owns the data, if need be with the right to pass root's folders.
 *
 * @param prefix what stands before the program on its command line
 * @param shell whether the prefix wants the program's command line as one text for a shell
 * @param owner the user who has to own the data, empty for the one who runs the command
 */
record ServerAccount(List<String> prefix, boolean shell, Optional<Named> owner) {
    private static final ServerAccount CALLER = new ServerAccount(List.of(), false, Optional.empty());
    private static final long ROOT = 0;
    // Every id that a namespace does not map shows as nobody's: it would own too much.
    private static final long NOBODY = 65534;
    private static final List<String> PREFERRED = List.of("postgres", "daemon", "bin");

    /** A line of {@code /etc/passwd}. */
    record Named(String name, long uid, long gid) {}

    /**
     * Chooses the account for the data in a folder.
     *
     * @param directory exists already
     */
    static ServerAccount forDirectory(Path directory) {
        long caller = new UnixSystem().getUid();
        long owner = ownerOf(directory);
        List<Named> accounts = accounts();
        if (caller != ROOT) {
            if (owner != caller) {
                throw LakeException.failed(
                        "PostgreSQL cannot use " + directory,
                        "it belongs to user " + nameOf(owner, accounts) + ", and this is " + nameOf(caller, accounts),
                        "run the command as its owner, or choose another home with --lake");
            }
            boolean named = accounts.stream().anyMatch(account -> account.uid() == caller);
            return named ? CALLER : inNamespace(accounts).orElse(CALLER);
        }
        if (owner != ROOT) {
            return as(
                    accounts.stream()
                            .filter(account -> account.uid() == owner)
                            .findFirst()
                            .orElse(new Named(Long.toString(owner), owner, owner)),
                    directory);
        }
        return inNamespace(accounts)
                .orElseGet(() -> as(
                        unprivileged(accounts)
                                .orElseThrow(
                                        () -> LakeException.failed(
                                                "the embedded PostgreSQL cannot be started by root",
                                                "it refuses root, and this system has neither user namespaces nor another user",
                                                "run the command as an ordinary user, or set lake.postgres.url to a server of your own")),
                        directory));
    }

    /** The command line that runs a program under this account. */
    List<String> command(List<String> program) {
        List<String> command = new ArrayList<>(prefix);
        if (shell) {
            command.add(program.stream()
                    .map(word -> "'" + word.replace("'", "'\\''") + "'")
                    .collect(Collectors.joining(" ", "exec ", "")));
        } else {
            command.addAll(program);
        }
        return command;
    }

    /** Hands a folder or file to the account where it is not the caller's own. */
    void own(Path path) throws IOException {
        if (owner.isPresent()) {
            Files.setAttribute(path, "unix:uid", (int) owner.get().uid());
            Files.setAttribute(path, "unix:gid", (int) owner.get().gid());
        }
    }

    /** Refuses a folder that the account cannot use, before a program fails on it with less to say. */
    void requireAccess(Path directory) {
        if (owner.isPresent() && !succeeds(command(entering(directory)))) {
            throw LakeException.failed(
                    "the embedded PostgreSQL cannot use " + directory,
                    "PostgreSQL refuses root, so it runs as " + owner.get().name() + ", who cannot reach that folder",
                    "choose a home outside of root's own folders with --lake, or allow user namespaces"
                            + " (kernel.unprivileged_userns_clone, user.max_user_namespaces)");
        }
    }

    // Not test -x: it judges by the mode bits alone, whatever the account may pass.
    private static List<String> entering(Path directory) {
        return List.of("sh", "-c", "cd -- \"$0\"", directory.toString());
    }

    private static Optional<ServerAccount> inNamespace(List<Named> accounts) {
        return unprivileged(accounts)
                .map(account -> new ServerAccount(
                        List.of("unshare", "--user", "--map-user=" + account.uid(), "--map-group=" + account.gid()),
                        false,
                        Optional.empty()))
                .filter(account -> succeeds(account.command(List.of("true"))));
    }

    private static ServerAccount as(Named account, Path directory) {
        String uid = Long.toString(account.uid());
        String gid = Long.toString(account.gid());
        List<String> switching = List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups");
        // In a container the home often lies below /root, and there are no namespaces to help.
        List<String> passing = List.of("--inh-caps=+dac_override", "--ambient-caps=+dac_override");
        List<List<String>> ways = List.of(
                switching,
                List.of("runuser", "-u", account.name(), "--"),
                List.of("su", account.name(), "-s", "/bin/sh", "-c"),
                Stream.concat(switching.stream(), passing.stream()).toList());
        List<ServerAccount> usable = ways.stream()
                .map(way -> new ServerAccount(way, way.contains("su"), Optional.of(account)))
                .filter(way -> succeeds(way.command(List.of("true"))))
                .toList();
        return usable.stream()
                .filter(way -> succeeds(way.command(entering(directory.getParent()))))
                .findFirst()
                .or(() -> usable.stream().findFirst())
                .orElseThrow(() -> LakeException.failed(
                        "the embedded PostgreSQL cannot be started by root",
                        "it refuses root, and neither setpriv, runuser nor su can switch to user " + account.name(),
                        "run the command as that user, or set lake.postgres.url to a server of your own"));
    }

    private static Optional<Named> unprivileged(List<Named> accounts) {
        return accounts.stream()
                .filter(account -> account.uid() != ROOT)
                .min(Comparator.comparing((Named account) -> account.uid() == NOBODY)
                        .thenComparing(account -> {
                            int preferred = PREFERRED.indexOf(account.name());
                            return preferred < 0 ? PREFERRED.size() : preferred;
                        })
                        .thenComparing(Named::uid));
    }

    private static List<Named> accounts() {
        Path passwd = Path.of("/etc/passwd");
        if (!Files.isReadable(passwd)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(passwd, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.split(":", -1))
                    .filter(fields -> fields.length > 3 && (fields[2] + fields[3]).matches("\\d+"))
                    .map(fields -> new Named(fields[0], Long.parseLong(fields[2]), Long.parseLong(fields[3])))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static long ownerOf(Path path) {
        try {
            return Integer.toUnsignedLong((Integer) Files.getAttribute(path, "unix:uid"));
        } catch (IOException e) {
            throw LakeException.failed(
                    "the folder " + path + " cannot be read", SqlState.message(e), "check its permissions", e);
        }
    }

    private static String nameOf(long uid, List<Named> accounts) {
        return accounts.stream()
                .filter(account -> account.uid() == uid)
                .map(Named::name)
                .findFirst()
                .orElse(Long.toString(uid));
    }

    private static boolean succeeds(List<String> command) {
        if (!isOnPath(command.get(0))) {
            return false;
        }
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .start();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isOnPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
        return Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
