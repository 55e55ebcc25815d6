extension CloudTrail {
  /// The calls that issue temporary credentials. From the AWS pages "Logging IAM and AWS STS API calls with
  /// AWS CloudTrail", "CloudTrail userIdentity element" and the reference of the STS API. A call that failed
  /// has an `errorCode`, and issued nothing.
  ///
  /// The access key id of temporary credentials (`ASIA…`) is both key and token: whoever has the secret part
  /// has no other. The claims say who asked, as those of a token say whose it is; a role that was assumed
  /// with temporary credentials leads on to those.
  static let credentials = """
    { rules: [
    \(role("ASIA*", via: token))
    \(role(nil, via: key))
    \(rule("AssumeRoleWithWebIdentity", "", webIdentityClaims))
    \(rule("AssumeRoleWithSAML", "", assertionClaims))
    \(rule("GetSessionToken", key, askerClaims))
    \(rule("GetFederationToken", key, askerClaims + federationClaims))
    ] }
    """

  private static func role(_ access: String?, via: String) -> String {
    rule("AssumeRole", via, "\(askerClaims) \(roleClaims)", access: access)
  }

  /// Who asked with temporary credentials, and with others: a key that is no token, or a service.
  private static let token = """
    via: { key_id: "/userIdentity/accessKeyId", token_id: "/userIdentity/accessKeyId", \(actor) },
    """
  private static let key = """
    via: { key_id: "/userIdentity/accessKeyId", \(actor) },
    """
  private static let actor = """
    actor: ["/userIdentity/arn", "/userIdentity/invokedBy", "/userIdentity/principalId"]
    """

  private static let askerClaims = """
    iss: "sts.amazonaws.com",
    sub: ["/userIdentity/arn", "/userIdentity/invokedBy", "/userIdentity/principalId"],
    user: "/userIdentity/userName", account: "/userIdentity/accountId",
    """

  private static let webIdentityClaims = """
    iss: ["https://{/responseElements/provider|after:oidc-provider/}",
          "https://{/userIdentity/identityProvider|after:oidc-provider/}"],
    sub: ["/responseElements/subjectFromWebIdentityToken", "/userIdentity/userName"],
    aud: "/responseElements/audience", \(roleClaims)
    """

  private static let assertionClaims = """
    iss: ["/responseElements/issuer", "/userIdentity/identityProvider"],
    sub: ["/responseElements/subject", "/userIdentity/userName"],
    aud: "/responseElements/audience", \(roleClaims)
    """

  private static let federationClaims = """
    name: "/requestParameters/name", federated_user: "/responseElements/federatedUser/arn",
    """

  private static let roleClaims = """
    role: "/requestParameters/roleArn", session: "/requestParameters/roleSessionName",
    source_identity: ["/responseElements/sourceIdentity", "/requestParameters/sourceIdentity"],
    """

  private static func rule(
    _ name: String, _ via: String, _ claims: String, access: String? = nil
  ) -> String {
    let asked = access.map { ", { pointer: \"/userIdentity/accessKeyId\", matches: \"\($0)\" }" }
    return """
        {
          when: { all: [{ pointer: "/eventName", equals: "\(name)" },
                        { pointer: "/eventSource", equals: "sts.amazonaws.com" },
                        { pointer: "/errorCode", exists: false }\(asked ?? "")] },
          key_id: "/responseElements/credentials/accessKeyId",
          token_id: "/responseElements/credentials/accessKeyId",
          expires_at: "/responseElements/credentials/expiration",
          lasts: "/requestParameters/durationSeconds",
          claims: { \(claims) },
          \(via)
        },
      """
  }
}
