/**
 * Pictures of results: line plots, heat maps, attention patterns and the figures of the toy models,
 * as PNG and SVG, without a display.
 *
 * <p>What belongs here draws plain numbers: arrays, {@link org.nd4j.linalg.api.ndarray.INDArray}
 * and small records of this package. What does not belong here is anything that knows where the
 * numbers came from; no class of this package mentions a model, a hook or a measurement.
 *
 * <p>There are three steps up. {@link dev.circuitscope.core.plot.Charts} has one line for every
 * picture. Behind each line stands a builder ({@link dev.circuitscope.core.plot.LinePlot}, {@link
 * dev.circuitscope.core.plot.HeatMap}, {@link dev.circuitscope.core.plot.AttentionPlot} and so on)
 * with the choices spelled out. Behind those are {@link
 * dev.circuitscope.core.plot.LinePlot#chart()}, which hands over the JFreeChart object, and {@link
 * dev.circuitscope.core.plot.Figure#of(int, int, dev.circuitscope.core.plot.Figure.Painter)}, which
 * takes any {@link java.awt.Graphics2D} drawing. All of them end in a {@link
 * dev.circuitscope.core.plot.Figure}, which is saved, embedded, or arranged with others.
 *
 * <p>Colours mean the same everywhere: viridis for magnitudes, blue-white-red centred at zero for
 * signed values, neutral grey for values that are not finite, and {@link
 * dev.circuitscope.core.plot.Palette} for names.
 */
package dev.circuitscope.core.plot;
