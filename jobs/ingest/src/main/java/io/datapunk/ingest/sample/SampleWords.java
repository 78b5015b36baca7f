package io.datapunk.ingest.sample;

import java.util.List;
import java.util.SplittableRandom;

/** Words of several languages, and titles, sentences and names made of them. None of it was written by anyone else. */
final class SampleWords {
    private static final List<String> LANGUAGES = List.of("en", "en", "en", "de", "fr", "es", "ja", "ru");

    private static final List<List<String>> WORDS = List.of(
            List.of(
                    "harbour", "kettle", "granite", "lantern", "meadow", "copper", "violin", "orchard", "pebble",
                    "saddle", "window", "thunder", "basket", "marble", "compass", "anchor", "ribbon", "timber",
                    "walnut", "ladder", "signal", "feather", "canyon", "bicycle", "engine", "pottery", "glacier",
                    "station", "garden", "market", "bridge", "novel", "recipe", "winter", "kayak", "planet"),
            List.of(
                    "Hafen",
                    "Kessel",
                    "Wiese",
                    "Laterne",
                    "Brücke",
                    "Apfelbaum",
                    "Gewürz",
                    "Fahrrad",
                    "Küche",
                    "Straße",
                    "Wetter",
                    "Garten",
                    "Zeitung",
                    "Schlüssel",
                    "Gebirge",
                    "Nebel",
                    "Frühling",
                    "Öfen"),
            List.of(
                    "forêt",
                    "château",
                    "rivière",
                    "pâtisserie",
                    "vélo",
                    "lumière",
                    "fenêtre",
                    "musique",
                    "hôtel",
                    "été",
                    "neige",
                    "marché",
                    "cœur",
                    "théâtre",
                    "île",
                    "façade",
                    "naïve",
                    "gâteau"),
            List.of(
                    "montaña", "señal", "jardín", "canción", "árbol", "cocina", "pequeño", "viaje", "lluvia", "río",
                    "año", "corazón", "mañana", "pájaro", "tranvía", "limón"),
            List.of("港", "電車", "桜", "料理", "図書館", "自転車", "天気", "音楽", "山道", "写真", "駅", "冬の朝"),
            List.of(
                    "река", "дорога", "музыка", "погода", "книга", "поезд", "зима", "окно", "город", "яблоко", "мост",
                    "письмо"));

    private static final List<String> GIVEN_NAMES = List.of(
            "Ada", "Björn", "Chloé", "Dario", "Eszter", "Femke", "Gülay", "Håkon", "Ines", "Jurij", "Keiko", "Łucja",
            "Milan", "Noor", "Óscar", "Petra");
    private static final List<String> FAMILY_NAMES = List.of(
            "Abendroth",
            "Brookfield",
            "Castañeda",
            "Dvořák",
            "Eriksen",
            "Fournier",
            "Grünwald",
            "Hoshino",
            "Ivanova",
            "Jansen",
            "Kowalczyk",
            "Lindqvist");

    private final SplittableRandom random;

    SampleWords(SplittableRandom random) {
        this.random = random;
    }

    String language() {
        return pick(LANGUAGES);
    }

    /** A few words of one language. */
    String phrase(int words) {
        List<String> vocabulary = vocabulary(language());
        StringBuilder phrase = new StringBuilder(12 * words);
        for (int word = 0; word < words; word++) {
            if (word > 0) {
                phrase.append(' ');
            }
            phrase.append(pick(vocabulary));
        }
        return phrase.toString();
    }

    /** Sentences of one language, one blank line between paragraphs. */
    String paragraphs(int sentences, String lineEnd) {
        List<String> vocabulary = vocabulary(language());
        StringBuilder text = new StringBuilder(64 * sentences);
        int column = 0;
        for (int sentence = 0; sentence < sentences; sentence++) {
            int words = 5 + random.nextInt(9);
            for (int word = 0; word < words; word++) {
                String next = pick(vocabulary);
                if (column + next.length() > 72) {
                    text.append(lineEnd);
                    column = 0;
                } else if (column > 0) {
                    text.append(' ');
                    column++;
                }
                text.append(next);
                column += next.length();
            }
            text.append('.');
            column++;
            if (sentence % 6 == 5) {
                text.append(lineEnd).append(lineEnd);
                column = 0;
            }
        }
        return text.append(lineEnd).toString();
    }

    String person() {
        return pick(GIVEN_NAMES) + " " + pick(FAMILY_NAMES);
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Letters and digits, as in the ids of videos and messages. */
    String token(int length) {
        String alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
        StringBuilder token = new StringBuilder(length);
        for (int at = 0; at < length; at++) {
            token.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return token.toString();
    }

    private static List<String> vocabulary(String language) {
        return switch (language) {
            case "de" -> WORDS.get(1);
            case "fr" -> WORDS.get(2);
            case "es" -> WORDS.get(3);
            case "ja" -> WORDS.get(4);
            case "ru" -> WORDS.get(5);
            default -> WORDS.get(0);
        };
    }
}
