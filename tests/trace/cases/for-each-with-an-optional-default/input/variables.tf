variable "notebooks" {
  type = map(object({
    size        = optional(number, 20)
    root_access = optional(string, "Enabled")
  }))
}
