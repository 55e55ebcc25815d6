/// A shape of secrets that begin with a prefix of their own.
///
/// Formats as their vendors document them: GitHub, "Token formats"; GitLab, "Token prefixes"; Slack, "Token
/// types"; npm, "About access tokens"; PyPI, "API tokens"; Vault, "Token prefixes"; Stripe, "API keys". Where
/// a vendor says that lengths may change, there is room.
struct PrefixedSecret: Sendable {
  /// What must hold beyond alphabet and length.
  enum Demand: Sendable {
    case nothing
    /// The first character behind the prefix is a digit.
    case digitFirst
    /// More than words in lower case and numbers with signs between them, such as names of styles have.
    case noWords
  }

  let kind: SecretKind
  let prefix: StaticString
  /// Where in the prefix the four characters begin that it is looked for by: those that other texts have
  /// least of.
  let anchor: Int
  let alphabet: SecretAlphabet
  /// How many characters may follow.
  let lengths: ClosedRange<Int>
  /// From how many characters on they hold 128 bits: then a digest tells nobody what they were.
  let digestFrom: Int
  /// Only what follows the last hyphen or slash is secret: `digestFrom` is about that.
  let isLastPart: Bool
  let demand: Demand

  init(
    _ kind: SecretKind, _ prefix: StaticString, _ alphabet: SecretAlphabet,
    _ lengths: ClosedRange<Int>, digestFrom: Int = 22, anchor: Int = 0, isLastPart: Bool = false,
    demand: Demand = .nothing
  ) {
    self.kind = kind
    self.prefix = prefix
    self.anchor = anchor
    self.alphabet = alphabet
    self.lengths = lengths
    self.digestFrom = digestFrom
    self.isLastPart = isLastPart
    self.demand = demand
  }

  /// All of them. Of two with the same beginning the longer one comes first.
  static let all = github + gitlab + slack + clouds + registries + keys

  private static let github =
    several(.github, ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], .word, 36...255)
    + [PrefixedSecret(.github, "github_pat_", .word, 40...255, anchor: 4)]

  private static let gitlab =
    several(
      .gitlab,
      [
        "glpat-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glft-", "glagent-", "glffct-", "glwt-",
      ], .dotted, 20...400, demand: .noWords)
    + [
      PrefixedSecret(.gitlab, "glsoat-", .dotted, 20...400, anchor: 1, demand: .noWords),
      PrefixedSecret(.gitlab, "glimt-", .dotted, 20...400, anchor: 2, demand: .noWords),
      PrefixedSecret(.gitlab, "gloas-", .dotted, 20...400, anchor: 2, demand: .noWords),
      PrefixedSecret(.gitlab, "glptt-", .hexadecimal, 40...64, digestFrom: 32),
      PrefixedSecret(.gitlab, "GR1348941", .base64URL, 20...64, demand: .noWords),
    ]

  private static let slack =
    several(
      .slack,
      ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xoxc-", "xoxe-", "xwfp-"],
      .kebab, 24...400, isLastPart: true, demand: .digitFirst)
    + [
      PrefixedSecret(
        .slack, "xapp-", .kebab, 24...400, anchor: 1, isLastPart: true, demand: .digitFirst),
      PrefixedSecret(.slack, "xoxd-", .base64, 40...1024),
      PrefixedSecret(
        .slack, "hooks.slack.com/services/", .path, 30...128, anchor: 4, isLastPart: true),
    ]

  private static let clouds = [
    PrefixedSecret(.aws, "ABSK", .base64, 100...200),
    PrefixedSecret(.google, "AIza", .base64URL, 35...64),
    PrefixedSecret(.google, "ya29.", .dotted, 30...2048),
    PrefixedSecret(.google, "GOCSPX-", .base64URL, 28...64),
    PrefixedSecret(.google, "1//0", .base64URL, 40...512),
  ]

  private static let registries = [
    PrefixedSecret(.npm, "npm_", .alphanumeric, 36...64),
    PrefixedSecret(.pypi, "pypi-AgE", .base64URL, 50...2048, anchor: 4),
  ]

  private static let keys =
    several(.vault, ["hvs.", "hvb.", "hvr."], .base64URL, 24...4096)
    + several(
      .stripe, ["sk_live_", "rk_live_", "sk_test_", "rk_test_"], .alphanumeric, 16...255)
    + [PrefixedSecret(.stripe, "whsec_", .base64, 32...128)]
    + several(
      .openai,
      [
        "sk-ant-api03-", "sk-ant-admin01-", "sk-ant-", "sk-proj-", "sk-svcacct-", "sk-admin-",
        "sk-or-v1-", "sk-",
      ], .base64URL, 32...512, digestFrom: 32, demand: .noWords)

  private static func several(
    _ kind: SecretKind, _ prefixes: [StaticString], _ alphabet: SecretAlphabet,
    _ lengths: ClosedRange<Int>, digestFrom: Int = 22, isLastPart: Bool = false,
    demand: Demand = .nothing
  ) -> [PrefixedSecret] {
    prefixes.map {
      PrefixedSecret(
        kind, $0, alphabet, lengths, digestFrom: digestFrom, isLastPart: isLastPart, demand: demand)
    }
  }

  /// The prefixes of a kind, for the reference.
  static func names(of kind: SecretKind) -> String {
    all.filter { $0.kind == kind }.map { "`\($0.prefix)`" }.joined(separator: ", ")
  }
}
