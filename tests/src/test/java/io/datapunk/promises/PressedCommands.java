package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Commands of one JVM, which starts Spark once, on a {@link SmallDisk}: each has as much room there as it is given. */
final class PressedCommands {
    private static final String ALL = "all";
    private static final int KIB = 1 << 10;

    private final Map<String, String> commands = new LinkedHashMap<>();

    /** A command on the disk as it is. */
    PressedCommands withRoom(String name, String... words) {
        return add(name, ALL, words);
    }

    /** A command on a disk that is filled up to so many KiB; they are freed when it has ended. */
    PressedCommands without(String name, long free, String... words) {
        return add(name, Long.toString(free), words);
    }

    private PressedCommands add(String name, String free, String... words) {
        commands.put(name, free + "\n" + CommandSequence.command(words));
        return this;
    }

    /** How each of them ended. */
    Map<String, LakeCommands.Ended> run(SmallDisk disk, LakeCommands lake) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(disk.ballast().toString()));
        commands.values()
                .forEach(command -> arguments.add(CommandSequence.command(
                        command, "--json", "--lake", lake.home().toString())));
        List<LakeCommands.Ended> all =
                CommandSequence.run(disk.prefix(), PressedCommands.class, lake.environment(), arguments);
        assertThat(all).hasSameSizeAs(commands.keySet());
        Map<String, LakeCommands.Ended> ended = new LinkedHashMap<>();
        commands.keySet().forEach(name -> ended.put(name, all.get(ended.size())));
        return ended;
    }

    /** {@code BALLAST COMMAND …}: a command's first line says how many KiB it finds, or {@code all}. */
    public static void main(String[] arguments) throws IOException {
        Path ballast = Path.of(arguments[0]);
        for (String argument : Stream.of(arguments).skip(1).toList()) {
            String[] freeAndCommand = argument.split("\n", 2);
            if (!freeAndCommand[0].equals(ALL)) {
                fill(ballast, Long.parseLong(freeAndCommand[0]) * KIB);
            }
            CommandSequence.main(new String[] {freeAndCommand[1]});
            Files.deleteIfExists(ballast);
        }
    }

    private static void fill(Path ballast, long free) throws IOException {
        byte[] block = new byte[4 * KIB];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (Files.getFileStore(ballast).getUsableSpace() >= free + block.length) {
                out.write(block);
            }
        }
    }
}
