variable "enable_root" {
  type    = bool
  default = true

  validation {
    condition     = var.enable_root
    error_message = "The kernels want root."
  }
}
