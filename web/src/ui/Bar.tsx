import type { ReactNode } from 'react'
import type { Account } from '../generated/http'
import { logout } from '../kernel/session'
import { BellMark } from './Marks'
import { Settings } from './Settings'

interface BarProps {
  title: string
  account: Account
  /** What stands between who it is and the settings. */
  children?: ReactNode
}

/** The bar over a page of somebody who works here: what it is, whose, where else to go. */
export function Bar({ title, account, children }: BarProps) {
  return (
    <header className="bar">
      <BellMark size={34} />
      <div className="who">
        <strong className="name">{title}</strong>
        <span className="quiet">
          {account.name} · {account.division}
        </span>
      </div>
      <div className="tools">
        {children}
        <Settings account={account} leave={logout} />
      </div>
    </header>
  )
}
