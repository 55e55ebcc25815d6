/// AWS CloudTrail: the elements of `Records` in its log files.
///
/// From the AWS pages "CloudTrail record contents" and "CloudTrail userIdentity element". What acts
/// is named by a role's or user's ARN, a service by `invokedBy`; an event of an unknown principal
/// has only a type. The access key has a place of its own.
enum CloudTrail {
  static let roles: [(Role, [StaticString])] = [
    (.account, ["/recipientAccountId", "/userIdentity/accountId"]),
    (.region, ["/awsRegion"]),
    (.action, ["/eventName"]),
    (
      .actor,
      [
        "/userIdentity/arn", "/userIdentity/invokedBy", "/userIdentity/principalId",
        "/userIdentity/type",
      ]
    ),
    (.key, ["/userIdentity/accessKeyId"]),
    (.time, ["/eventTime"]),
    (.address, ["/sourceIPAddress"]),
    (.resource, ["/resources/0/ARN", "/requestParameters/bucketName"]),
  ]
}
