#include "cli/guard_template.hpp"

namespace pitstop {
namespace {

// The trust is in the schedule group, not in single schedules: EventBridge Scheduler names the
// group when it assumes the role (its User Guide, "Confused deputy prevention"), and a condition on
// the names of schedules would let nobody in. Nor are the role's rights tied to a region: IAM is
// global, and one stack serves them all.
constexpr std::string_view template_yaml = R"(AWSTemplateFormatVersion: "2010-09-09"
Description: >-
  The guard of pitstop: a role with which EventBridge Scheduler starts a server that pitstop stopped
  and could not start again. The role can do nothing but start EC2 instances of this account that
  carry the tag pitstop:down, which pitstop sets before it stops one and removes when it runs, and
  let EC2 use the KMS keys of their volumes to do so. One stack serves all regions.

Metadata:
  AWS::CloudFormation::Interface:
    ParameterGroups:
      - Label:
          default: Encrypted volumes
        Parameters:
          - KmsKeyArns

Parameters:
  KmsKeyArns:
    Type: CommaDelimitedList
    Default: ""
    Description: >-
      ARNs of the customer managed KMS keys that encrypt the servers' volumes, with commas between
      them. Empty: all keys of this account, which is what works without knowing them. If a key of
      another account is among them, all have to be named here, and that key's policy has to allow
      kms:CreateGrant to the role. Volumes without encryption, or with the key aws/ebs, need none.

Conditions:
  AllKeysOfThisAccount: !Equals [!Join ["", !Ref KmsKeyArns], ""]

Resources:
  GuardRole:
    Type: AWS::IAM::Role
    Properties:
      Description: Starts servers that pitstop stopped and could not start again
      MaxSessionDuration: 3600
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: SchedulesOfThisAccount
            Effect: Allow
            Principal:
              Service: scheduler.amazonaws.com
            Action: sts:AssumeRole
            Condition:
              StringEquals:
                aws:SourceAccount: !Ref AWS::AccountId
              ArnLike:
                aws:SourceArn: !Sub arn:${AWS::Partition}:scheduler:*:${AWS::AccountId}:schedule-group/default
      Policies:
        - PolicyName: start-what-pitstop-stopped
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Sid: StartWhatPitstopStopped
                Effect: Allow
                Action: ec2:StartInstances
                Resource: !Sub arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:instance/*
                Condition:
                  "Null":
                    aws:ResourceTag/pitstop:down: "false"
              - Sid: AttachEncryptedVolumes
                Effect: Allow
                Action: kms:CreateGrant
                Resource: !If
                  - AllKeysOfThisAccount
                  - - !Sub arn:${AWS::Partition}:kms:*:${AWS::AccountId}:key/*
                  - !Ref KmsKeyArns
                Condition:
                  Bool:
                    kms:GrantIsForAWSResource: "true"
                  StringLike:
                    kms:ViaService: !Sub ec2.*.${AWS::URLSuffix}

  GuardUserPolicy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Description: What pitstop needs beside its rights in EC2 to set the guard; attach it to whoever runs pitstop backup
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: SetAndRemoveTheGuard
            Effect: Allow
            Action:
              - scheduler:CreateSchedule
              - scheduler:DeleteSchedule
              - scheduler:GetSchedule
            Resource: !Sub arn:${AWS::Partition}:scheduler:*:${AWS::AccountId}:schedule/default/pitstop-*
          - Sid: HandTheRoleToTheGuard
            Effect: Allow
            Action: iam:PassRole
            Resource: !GetAtt GuardRole.Arn
            Condition:
              StringEquals:
                iam:PassedToService: scheduler.amazonaws.com

Outputs:
  GuardRoleArn:
    Description: "For pitstop backup: --guard-role ARN"
    Value: !GetAtt GuardRole.Arn
  GuardUserPolicyArn:
    Description: The policy to attach to the user or role that runs pitstop backup
    Value: !Ref GuardUserPolicy
)";

}  // namespace

std::string_view guard_template() {
  return template_yaml;
}

}  // namespace pitstop
