/// AWS CloudTrail: the elements of `Records` in its log files.
///
/// From the AWS pages "CloudTrail record contents" and "CloudTrail userIdentity element". What acts
/// is named by a role's or user's ARN, a service by `invokedBy`, a user of IAM Identity Center, who has no
/// ARN, by `onBehalfOf`; an event of an unknown principal has only a type. The access key has a place of its
/// own. For whom a role acts is in `onBehalfOf`, or in the source identity, which STS keeps through all roles
/// that are assumed one from another; who may set it, and to what, is up to the policies of these roles.
enum CloudTrail {
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
    (.resource, ["/resources/0/ARN", "/requestParameters/bucketName"]),
  ]

  /// The source identity is a text, and the one claim in its place.
  static let claimNames: [String?] = [nil, "sourceIdentity"]
}
