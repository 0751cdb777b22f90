variable "key" {
  default = "ra"
}

locals {
  plain    = { ra = "Disabled", ra = "Enabled" }
  quoted   = { ra = "Disabled", "ra" = "Enabled" }
  computed = { ra = "Disabled", (var.key) = "Enabled" }
  template = { (var.key) = "Disabled", "${var.key}" = "Enabled" }
  number   = { 1 = "Disabled", "1" = "Enabled" }
  nested   = [{ a = { ra = "Enabled", ra = "Disabled" } }]
}
