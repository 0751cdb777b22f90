locals {
  by_values  = { a = "Enabled", b = "x" }
  by_key     = { a = "Enabled", b = "x" }
  by_name    = { a = { root_access = "Enabled" } }
  of_a_list  = ["Enabled", "x"]
  of_a_round = { a = { root_access = "Enabled" } }
}

resource "aws_sagemaker_notebook_instance" "by_values" {
  root_access = flatten([values(local.by_values)])[0]
}

resource "aws_sagemaker_notebook_instance" "by_key" {
  root_access = local.by_key[keys(local.by_key)[0]]
}

resource "aws_sagemaker_notebook_instance" "by_name" {
  root_access = lookup(local.by_name[element(keys(local.by_name), 0)], "root_access", "Disabled")
}

resource "aws_sagemaker_notebook_instance" "of_a_list" {
  root_access = flatten([[local.of_a_list]])[length(local.of_a_list) - 2]
}

resource "aws_sagemaker_notebook_instance" "of_a_round" {
  root_access = element(flatten([for key, notebook in local.of_a_round : [notebook.root_access]]), 0)
}
