"""A stand-in for the providers hashicorp/aws and hashicorp/awscc, for plans and applies without a network.

It knows the resources that the tests need, with the arguments of the real ones, and keeps what it "creates" in Terraform's
state alone. Which arguments replace an instance and which update it in place is as in terraform-provider-aws 6,
`internal/service/sagemaker/notebook_instance.go`. The value of the data source `aws_ssm_parameter` is that of the
environment variable UNROOT_STANDIN_PARAMETER, "Enabled" by default.
"""

import os
import sys

from tf import runner, types
from tf.iface import DataSource, Provider, Resource
from tf.schema import Attribute, Schema
from tf.types import Unknown

TEXT, NUMBER = types.String(), types.Number()
TEXTS, TAGS = types.Set(TEXT), types.Map(TEXT)
ARN = "arn:aws:sagemaker:eu-west-1:123456789012:notebook-instance/{}"

# Each argument: its name, its type, and what else there is to say of it.
NEW = {"requires_replace": True}
NOTEBOOK = [
    ("name", TEXT, {"required": True, **NEW}),
    ("role_arn", TEXT, {"required": True}),
    ("instance_type", TEXT, {"required": True}),
    ("root_access", TEXT, {"optional": True, "computed": True, "default": "Enabled"}),
    ("direct_internet_access", TEXT, {"optional": True, "computed": True, "default": "Enabled", **NEW}),
    ("subnet_id", TEXT, {"optional": True, **NEW}),
    ("security_groups", TEXTS, {"optional": True, **NEW}),
    ("lifecycle_config_name", TEXT, {"optional": True}),
    ("volume_size", NUMBER, {"optional": True}),
    ("tags", TAGS, {"optional": True}),
    ("id", TEXT, {"computed": True}),
    ("arn", TEXT, {"computed": True}),
]
CLOUD_CONTROL_NOTEBOOK = [
    ("notebook_instance_name", TEXT, {"optional": True, **NEW}),
    ("role_arn", TEXT, {"required": True}),
    ("instance_type", TEXT, {"required": True}),
    ("root_access", TEXT, {"optional": True, "computed": True}),
    ("id", TEXT, {"computed": True}),
]
LIFECYCLE = [
    ("name", TEXT, {"optional": True, **NEW}),
    ("on_start", TEXT, {"optional": True}),
    ("on_create", TEXT, {"optional": True}),
    ("id", TEXT, {"computed": True}),
]


def schema(arguments):
    return Schema(version=0, attributes=[Attribute(name, kind, **more) for name, kind, more in arguments])


def settled(name, planned):
    """What the service would answer for an attribute that it computes."""
    own = planned.get("name") or planned.get("notebook_instance_name") or "unnamed"
    return {"root_access": "Enabled", "direct_internet_access": "Enabled", "arn": ARN.format(own.lower())}.get(name, own)


def resource(kind, arguments):
    class Kept(Resource):
        def __init__(self, provider):
            self.provider = provider

        @classmethod
        def get_name(cls):
            return kind

        @classmethod
        def get_schema(cls):
            return schema(arguments)

        def create(self, context, planned):
            computed = [name for name, _, more in arguments if more.get("computed")]
            open_ones = [name for name in computed if planned.get(name) is None or planned.get(name) is Unknown]
            return {**planned, **{name: settled(name, planned) for name in open_ones}}

        def read(self, context, current):
            return current

        def update(self, context, current, planned):
            return {name: current.get(name) if value is Unknown else value for name, value in planned.items()}

        def delete(self, context, current):
            pass

    return Kept


class Parameter(DataSource):
    def __init__(self, provider):
        self.provider = provider

    @classmethod
    def get_name(cls):
        return "ssm_parameter"

    @classmethod
    def get_schema(cls):
        return schema([("name", TEXT, {"required": True}), ("value", TEXT, {"computed": True})])

    def read(self, context, config):
        return {"name": config["name"], "value": os.environ.get("UNROOT_STANDIN_PARAMETER", "Enabled")}


class Standin(Provider):
    def __init__(self, name, resources, data_sources):
        self.name, self.resources, self.data_sources = name, resources, data_sources

    def get_model_prefix(self):
        return self.name + "_"

    def full_name(self):
        return "registry.terraform.io/hashicorp/" + self.name

    def get_provider_schema(self, diagnostics):
        return schema([("region", TEXT, {"optional": True})])

    def validate_config(self, diagnostics, config):
        pass

    def configure_provider(self, diagnostics, config):
        pass

    def get_data_sources(self):
        return self.data_sources

    def get_resources(self):
        return self.resources

    def new_data_source(self, kind):
        return kind(self)

    def new_resource(self, kind):
        return kind(self)


STANDINS = {
    "aws": (
        [
            resource("sagemaker_notebook_instance", NOTEBOOK),
            resource("sagemaker_notebook_instance_lifecycle_configuration", LIFECYCLE),
        ],
        [Parameter],
    ),
    "awscc": ([resource("sagemaker_notebook_instance", CLOUD_CONTROL_NOTEBOOK)], []),
}

if __name__ == "__main__":
    chosen = os.environ["UNROOT_STANDIN_NAME"]
    runner.run_provider(Standin(chosen, *STANDINS[chosen]), [sys.argv[0]])
