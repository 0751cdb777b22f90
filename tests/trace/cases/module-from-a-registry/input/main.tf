module "notebook" {
  source  = "example/notebook/aws"
  version = "1.2.0"

  root_access = "Enabled"
}
