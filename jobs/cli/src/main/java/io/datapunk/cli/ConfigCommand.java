package io.datapunk.cli;

import io.datapunk.lake.config.Setting;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

/** {@code lake config}. */
@Command(name = "config", description = "Look at the configuration.", subcommands = ConfigCommand.Show.class)
final class ConfigCommand {
    /** {@code lake config show}. */
    @Command(
            name = "show",
            description = "Print every key, its value, and where the value was set. Secrets stay hidden.")
    static final class Show implements Job {
        @Override
        public Outcome run(Invocation invocation) {
            List<Setting> settings = invocation.config().settings();
            return Outcome.of(settings, out -> {
                TextTable table = new TextTable(List.of("KEY", "VALUE", "SOURCE"), Set.of());
                settings.forEach(setting -> table.add(setting.key(), setting.value(), setting.source()));
                table.print(out);
            });
        }

        @Override
        public boolean changesTables() {
            return false;
        }
    }
}
