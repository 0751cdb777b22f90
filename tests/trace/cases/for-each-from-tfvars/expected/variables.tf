variable "notebooks" {
  type = map(object({
    root_access = string
    size        = optional(number, 20)
  }))
}
