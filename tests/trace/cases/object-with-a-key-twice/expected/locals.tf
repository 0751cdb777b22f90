variable "key" {
  default = "ra"
}

locals {
  plain    = { ra = "Disabled", ra = "Disabled" }
  quoted   = { ra = "Disabled", "ra" = "Disabled" }
  computed = { ra = "Disabled", (var.key) = "Disabled" }
  template = { (var.key) = "Disabled", "${var.key}" = "Disabled" }
  number   = { 1 = "Disabled", "1" = "Disabled" }
  nested   = [{ a = { ra = "Enabled", ra = "Disabled" } }]
}
