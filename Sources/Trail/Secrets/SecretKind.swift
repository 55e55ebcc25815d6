/// A kind of secrets that can be found by their shape, under the name that definitions have for it.
public enum SecretKind: String, CaseIterable, Sendable {
  case jwt
  case jwtBase64 = "jwt_base64"
  case jwsJSON = "jws_json"
  case paseto, github, gitlab, slack, aws, google, npm, pypi, vault, stripe, openai
  case basicAuth = "basic_auth"
  case urlPassword = "url_password"
  case privateKey = "private_key"

  /// What is found, for the reference.
  public var finds: String {
    switch self {
    case .jwt:
      "JWT, and any JWS or JWE in compact form: parts of base64url with dots between them, of which the first"
        + " is a JSON object with \"alg\""
    case .jwtBase64: "a JWT whose header begins with `{\"`, in base64 as a whole"
    case .jwsJSON:
      "the members \"signature\" of an event in which a JWS in JSON form is, as JSON or in a string: members"
        + " \"payload\" (a string of base64url), \"signature\", and a header with \"alg\""
    case .paseto: "`v1.local.` to `v4.public.`"
    case .aws:
      "the 40 characters behind a name such as `SecretAccessKey` or `aws_secret_key` (see below); `ABSK`"
        + " (keys of Bedrock)"
    case .basicAuth: "`Basic`, a blank, and base64 of a text with a colon in it"
    case .urlPassword: "`://user:password@`"
    case .privateKey:
      "`-----BEGIN … PRIVATE KEY-----` and what follows, up to the line that ends it (PEM, OpenSSH,"
        + " PGP)"
    default: PrefixedSecret.names(of: self)
    }
  }

  /// What stays of it, for the reference.
  public var leaves: String {
    switch self {
    case .jwt: "header and claims; all from the third part on goes"
    case .jwtBase64: "the base64 of header and claims"
    case .jwsJSON: "everything but the signatures"
    case .basicAuth, .urlPassword: "`***`"
    case .gitlab:
      "the prefix and `***`; from 22 characters behind the prefix on, length and digest too"
    case .aws: "the prefix, where there is one, length and digest"
    case .privateKey: "the lines that begin and end it, length and digest of its base64"
    default: "prefix, length and digest"
    }
  }
}
