package dev.circuitscope.core.plot;

import java.awt.Dimension;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.DOMGroupManager;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Turns drawing commands into SVG. Text stays text, and says how wide it was measured, so that a
 * viewer with other fonts keeps the layout.
 */
final class SvgCanvas extends SVGGraphics2D {

  private static final String SVG = "http://www.w3.org/2000/svg";
  private static final String XML = "http://www.w3.org/XML/1998/namespace";

  /** Stands in generated identifiers for the content's hash, which is only known at the end. */
  private static final String HASH = "circuitscopeContentHash";

  private SvgCanvas(SVGGeneratorContext context) {
    super(context, false);
  }

  private SvgCanvas(SvgCanvas parent) {
    super(parent);
  }

  static String render(int width, int height, Consumer<Graphics2D> painter) {
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(emptyDocument());
    context.setComment("Circuitscope");
    // Several figures are put into one HTML page, where identifiers must not clash.
    context.setIDGenerator(
        new SVGIDGenerator() {
          private int next;

          @Override
          public String generateID(String prefix) {
            return prefix + HASH + "-" + next++;
          }
        });
    SvgCanvas canvas = new SvgCanvas(context);
    canvas.setSVGCanvasSize(new Dimension(width, height));
    painter.accept(canvas);
    Element root = canvas.getRoot();
    root.setAttributeNS(null, "viewBox", "0 0 " + width + " " + height);
    StringWriter out = new StringWriter();
    try {
      canvas.stream(root, out);
    } catch (IOException e) {
      throw new UncheckedIOException("Writing SVG to memory failed", e);
    }
    // Without the prolog, which is optional in UTF-8, the text can also stand inside HTML.
    String svg = out.toString().substring(out.toString().indexOf("<svg "));
    return svg.replace(HASH, "-" + Integer.toHexString(svg.hashCode()));
  }

  @Override
  public void drawString(String text, float x, float y) {
    String shown = Text.printable(text);
    if (shown.isBlank()) {
      return;
    }
    Element element = getDOMFactory().createElementNS(SVG, "text");
    element.setAttributeNS(null, "x", generatorCtx.doubleString(x));
    element.setAttributeNS(null, "y", generatorCtx.doubleString(y));
    element.setAttributeNS(
        null, "textLength", generatorCtx.doubleString(Text.width(shown, getFont())));
    element.setAttributeNS(null, "lengthAdjust", "spacingAndGlyphs");
    element.setAttributeNS(null, "stroke", "none");
    element.setAttributeNS(XML, "xml:space", "preserve");
    element.appendChild(getDOMFactory().createTextNode(shown));
    domGroupManager.addElement(element, DOMGroupManager.FILL);
  }

  @Override
  public Graphics create() {
    return new SvgCanvas(this);
  }

  private static Document emptyDocument() {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(SVG, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("This JDK has no XML parser for SVG to be built with", e);
    }
  }
}
