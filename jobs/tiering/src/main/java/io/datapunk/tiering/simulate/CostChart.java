package io.datapunk.tiering.simulate;

import io.datapunk.lake.model.LakeException;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;

/** Cost ÷ optimum of each policy as points, on a logarithmic scale: the sum, and the mean over partitions. */
public final class CostChart {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 560;

    private final CategoryChart chart;

    public CostChart(Simulation.Report report) {
        chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title("%,d partitions, %,d accesses in %d h from %s"
                        .formatted(report.partitions(), report.accesses(), report.hours(), report.from()))
                .xAxisTitle("policy")
                .yAxisTitle("cost ÷ optimum")
                .build();
        chart.getStyler().setYAxisLogarithmic(true).setXAxisLabelRotation(30);
        // Bars begin at zero, which a logarithmic scale has not.
        chart.getStyler().setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Scatter);
        List<String> names = report.scores().stream().map(Score::policy).toList();
        chart.addSeries(
                "sum", names, report.scores().stream().map(Score::overOptimum).toList());
        chart.addSeries(
                "mean over partitions",
                names,
                report.scores().stream().map(Score::meanOverOptimum).toList());
    }

    /**
     * Writes it.
     *
     * @param file ending in .svg or .png
     * @throws LakeException (usage) for another ending, (failed) where it cannot be written
     */
    public void write(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        try {
            if (name.endsWith(".svg")) {
                writeSvg(file);
            } else if (name.endsWith(".png")) {
                writePng(file);
            } else {
                throw unknownForm(file);
            }
        } catch (IOException e) {
            throw LakeException.failed(
                    "the chart " + file + " cannot be written",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "give --chart a file in a folder that exists and that you may write",
                    e);
        }
    }

    /** @throws LakeException (usage) where the ending is none that can be written */
    public static void requireForm(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".svg") && !name.endsWith(".png")) {
            throw unknownForm(file);
        }
    }

    private static LakeException unknownForm(Path file) {
        return LakeException.usage(
                "a chart cannot be written as " + file.getFileName(),
                "it is an SVG or a PNG",
                "end it in .svg or .png");
    }

    private void writeSvg(Path file) throws IOException {
        SVGGraphics2D graphics;
        try {
            graphics = new SVGGraphics2D(DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument("http://www.w3.org/2000/svg", "svg", null));
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("every Java platform can make documents", e);
        }
        graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
        chart.paint(graphics, WIDTH, HEIGHT);
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            graphics.stream(out, true);
        }
    }

    private void writePng(Path file) throws IOException {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        chart.paint(graphics, WIDTH, HEIGHT);
        graphics.dispose();
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IOException("this Java has no PNG writer");
        }
    }
}
