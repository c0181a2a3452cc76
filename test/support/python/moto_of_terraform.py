"""moto's server, keeping what Terraform's AWS provider looks for after an apply and moto forgets or never answers.

Without it the second plan is not empty, or the provider waits for minutes: the tags of scalable targets, what a service was
given for its health checks and zones, and the description of a security group's rule that names another group.
"""

import json
import sys

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.server import main

tags_by_arn = {}
register = ApplicationAutoScalingResponse.register_scalable_target


def register_scalable_target(self):
    answer = register(self)
    tags_by_arn[json.loads(answer)["ScalableTargetARN"]] = self._get_param("Tags") or {}
    return answer


ApplicationAutoScalingResponse.register_scalable_target = register_scalable_target
ApplicationAutoScalingResponse.list_tags_for_resource = lambda self: json.dumps(
    {"Tags": tags_by_arn.get(self._get_param("ResourceARN"), {})}
)

create = EC2ContainerServiceResponse.create_service


def create_service(self):
    answer = create(self)
    cluster = self._get_param("cluster", "default")
    services, _ = self.ecs_backend.describe_services(cluster, [self._get_param("serviceName")])
    for service in services:
        service.health_check_grace_period_seconds = self._get_param("healthCheckGracePeriodSeconds") or 0
        service.availability_zone_rebalancing = self._get_param("availabilityZoneRebalancing") or "ENABLED"
    return answer


EC2ContainerServiceResponse.create_service = create_service

SecurityGroupRule.description = property(
    lambda self: self.ip_range.get("Description") or (self.source_group or {}).get("Description")
)

main(sys.argv[1:])
