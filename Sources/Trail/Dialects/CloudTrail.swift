internal import Bytes

/// AWS CloudTrail: the elements of `Records` in its log files.
///
/// From the AWS pages "CloudTrail record contents" and "CloudTrail userIdentity element". What acts
/// is named by a role's or user's ARN, a service by `invokedBy`, a user of IAM Identity Center, who has no
/// ARN, by `onBehalfOf`; an event of an unknown principal has only a type. The access key has a place of its
/// own. For whom a role acts is in `onBehalfOf`, or in the source identity, which STS keeps through all roles
/// that are assumed one from another; who may set it, and to what, is up to the policies of these roles.
enum CloudTrail {
  /// With what the ids of temporary access keys begin. Such a key was issued once, to one: it is the token
  /// too.
  static let temporaryKeys = "ASIA"

  static let roles: [(Role, [StaticString])] = [
    (.account, ["/recipientAccountId", "/userIdentity/accountId"]),
    (.region, ["/awsRegion"]),
    (.action, ["/eventName"]),
    (
      .actor,
      [
        "/userIdentity/arn", "/userIdentity/invokedBy", "/userIdentity/principalId",
        "/userIdentity/onBehalfOf/userId", "/userIdentity/type",
      ]
    ),
    (.key, ["/userIdentity/accessKeyId"]),
    (.time, ["/eventTime"]),
    (.address, ["/sourceIPAddress"]),
    (.claims, ["/userIdentity/onBehalfOf", "/userIdentity/sessionContext/sourceIdentity"]),
    (.token, ["/userIdentity/accessKeyId"]),
    (.resource, ["/resources/0/ARN", "/requestParameters/bucketName"]),
    (
      .onBehalfOf,
      ["/userIdentity/onBehalfOf/userId", "/userIdentity/sessionContext/sourceIdentity"]
    ),
  ]

  /// The source identity is a text, and the one claim in its place.
  static let claimNames: [String?] = [nil, "sourceIdentity"]

  /// When temporary credentials expire, as `responseElements` tell it: `Jul 18, 2014, 4:07:39 PM`, in older
  /// ones without the second comma. It is what Java makes of a time, of which newer versions write a narrow
  /// no-break space before `PM`. No zone is named; in the examples of the IAM user's guide ("Logging IAM and
  /// AWS STS API calls") it is UTC, to the second an hour after the event.
  static let expirations = TimeFormats(
    ["", ","].flatMap { comma in
      [" ", "\u{202F}", "\u{A0}"].compactMap { space in
        try? TimeFormat("%b %d, %Y\(comma) %I:%M:%S\(space)%p")
      }
    }, zone: .utc)
}
