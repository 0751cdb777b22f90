variable "root_access" {
  type    = string
  default = "Disabled"
  validation {
    condition     = var.environment == "dev" || var.root_access == "Disabled"
    error_message = "Root is for dev."
  }
}

variable "environment" {
  type    = string
  default = "dev"
}
