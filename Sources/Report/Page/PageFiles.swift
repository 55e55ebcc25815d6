/// The files of the page: its document, its style and its script, embedded when the program is built.
enum PageFiles {
  /// What is put into the document, where its name stands in double braces.
  enum Place: String, CaseIterable {
    case policy, style, data, script
  }

  /// Text of the document, and what is put behind it; nothing behind the last.
  struct Piece {
    let text: [UInt8]
    let place: Place?
  }

  static let document = pieces(of: String(decoding: PackageResources.page_html, as: UTF8.self))

  /// The style sheets in the order in which they apply, later ones over earlier ones.
  static let style = [
    PackageResources.page_css, PackageResources.views_css, PackageResources.media_css,
  ].flatMap(\.self)

  /// The scripts in the order in which they run, in a function, so that they share their names with each
  /// other and with nothing else. All but the last only declare.
  ///
  /// They build elements and set text; they never make markup of data, evaluate nothing, and fetch nothing.
  static let script = [
    Array("(() => {\n'use strict';\n".utf8),
    PackageResources.text_js, PackageResources.words_js, PackageResources.elements_js,
    PackageResources.model_js, PackageResources.search_js, PackageResources.filters_js,
    PackageResources.scale_js, PackageResources.chart_js, PackageResources.brush_js,
    PackageResources.signals_js, PackageResources.bars_js, PackageResources.lists_js,
    PackageResources.events_js, PackageResources.detail_js, PackageResources.archive_js,
    PackageResources.start_js,
    Array("})();\n".utf8),
  ].flatMap(\.self)

  /// Cuts a document at its places.
  static func pieces(of document: String) -> [Piece] {
    var pieces: [Piece] = []
    var rest = document[...]
    while let (range, place) = firstPlace(in: rest) {
      pieces.append(Piece(text: Array(rest[..<range.lowerBound].utf8), place: place))
      rest = rest[range.upperBound...]
    }
    pieces.append(Piece(text: Array(rest.utf8), place: nil))
    return pieces
  }

  private static func firstPlace(in text: Substring) -> (Range<Substring.Index>, Place)? {
    let found = Place.allCases.compactMap { place in
      text.firstRange(of: "{{\(place.rawValue)}}").map { ($0, place) }
    }
    return found.min { $0.0.lowerBound < $1.0.lowerBound }
  }
}
