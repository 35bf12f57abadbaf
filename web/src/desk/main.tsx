import { mount } from '../ui/mount'
import { Desk } from './Desk'

void mount({ roles: ['desk', 'supervisor', 'admin'] }, 'desk', Desk)
