package dev.circuitscope.core.plot;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Reads back what a figure's SVG shows. */
record Svg(Document document) {

  /** A filled rectangle. */
  record Box(Rectangle2D area, Color fill) {}

  private static final Pattern RECTANGLE =
      Pattern.compile("M(\\S+) (\\S+) L(\\S+) \\S+ L\\S+ (\\S+) L\\S+ \\S+ L\\S+ \\S+ Z");
  private static final Pattern RGB = Pattern.compile("rgb\\((\\d+),(\\d+),(\\d+)\\)");

  static Svg of(Figure figure) {
    try {
      return new Svg(
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(figure.toSvg()))));
    } catch (Exception e) {
      throw new AssertionError("not well-formed: " + figure.toSvg(), e);
    }
  }

  List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (Element element : elements("text")) {
      texts.add(element.getTextContent());
    }
    return texts;
  }

  /** The rectangles that were filled without antialiasing: cells and bars. */
  List<Box> boxes() {
    List<Box> boxes = new ArrayList<>();
    for (Element element : elements("path")) {
      Matcher m = RECTANGLE.matcher(element.getAttribute("d"));
      while (crisp(element) && m.find()) {
        double x = Double.parseDouble(m.group(1));
        double y = Double.parseDouble(m.group(2));
        double w = Double.parseDouble(m.group(3)) - x;
        double h = Double.parseDouble(m.group(4)) - y;
        boxes.add(new Box(new Rectangle2D.Double(x, y, w, h), fill(element)));
      }
    }
    return boxes;
  }

  List<Element> elements(String tag) {
    NodeList nodes = document.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static boolean crisp(Element element) {
    return inherited(element, "shape-rendering").equals("crispEdges");
  }

  static Color fill(Element element) {
    String fill = inherited(element, "fill");
    Matcher rgb = RGB.matcher(fill);
    if (rgb.matches()) {
      return new Color(
          Integer.parseInt(rgb.group(1)),
          Integer.parseInt(rgb.group(2)),
          Integer.parseInt(rgb.group(3)));
    }
    return switch (fill) {
      case "black" -> Color.BLACK;
      case "white" -> Color.WHITE;
      default -> null;
    };
  }

  private static String inherited(Element element, String attribute) {
    for (Element e = element; ; e = (Element) e.getParentNode()) {
      if (e.hasAttribute(attribute)) {
        return e.getAttribute(attribute);
      }
      if (!(e.getParentNode() instanceof Element)) {
        return "";
      }
    }
  }
}
